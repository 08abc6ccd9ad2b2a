extension CgroupTree {
    /// The hierarchy of version 1 in which devices are limited.
    static let disks = "blkio"
    private static let mostRounds = 100

    /// Has the processes of groups read and write as those of the root do, where version 1 limits devices for whoever writes.
    ///
    /// There a limit counts for the processes of its own group alone, and what goes through the page cache is the root's, whoever wrote it. One that
    /// is about to end cannot be moved, and does nothing any more.
    func shareDisks(_ groups: [String]) {
        guard version == .v1, hierarchies[Self.disks] != nil else { return }
        var tried: Set<Int32> = []
        // Those that began meanwhile, too.
        for _ in 0..<Self.mostRounds {
            let found = groups.flatMap { ownProcesses($0, Self.disks) }.filter { !tried.contains($0) }
            if found.isEmpty { return }
            for pid in found { try? write("\(pid)", "", Self.disks, "cgroup.procs") }
            tried.formUnion(found)
        }
    }
}
