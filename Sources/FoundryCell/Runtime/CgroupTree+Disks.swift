import FoundryModel

extension CgroupTree {
    /// The hierarchy of version 1 in which devices are limited.
    static let disks = "blkio"
    private static let mostRounds = 100

    /// Has the processes of groups read and write as those of the root do, where version 1 limits devices for whoever writes.
    ///
    /// There a limit counts for the processes of its own group alone, and what goes through the page cache is the root's, whoever wrote it.
    /// - Throws: `timed_out` when new ones keep coming.
    func shareDisks(_ groups: [String]) throws(FoundryError) {
        guard version == .v1, hierarchies[Self.disks] != nil else { return }
        for _ in 0..<Self.mostRounds {
            let found = groups.flatMap { ownProcesses($0, Self.disks) }
            if found.isEmpty { return }
            // One that ended meanwhile cannot be moved; the next look does not find it.
            for pid in found { try? write("\(pid)", "", Self.disks, "cgroup.procs") }
        }
        throw FoundryError(.timedOut, "A member's processes cannot be moved.", detail: "\(groups)")
    }
}
