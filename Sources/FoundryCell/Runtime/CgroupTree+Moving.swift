import FoundryEffects
import FoundryModel

extension CgroupTree {
    /// How often a group is looked at again, for processes that were begun while others were moved.
    private static let mostRounds = 100

    /// Which of a member's groups its process is in.
    func home(of process: ProcessIdentity, among groups: [String]) -> String? {
        groups.first { ownProcesses($0, freezer).contains(process.pid) }
    }

    /// Moves every process, those that begin meanwhile among them; a command's into a group of the same name.
    ///
    /// - Throws: `timed_out` when new ones keep coming.
    func moveAll(from source: String, to target: String) throws(FoundryError) {
        for _ in 0..<Self.mostRounds {
            if processes(source, freezer).isEmpty { return }
            for command in version == .v1 ? [] : commandGroups(source) {
                let name = command.dropFirst(source.count)
                try move(to: target + name, from: source) { ownProcesses(command, freezer) }
            }
            try move(to: target, from: source) { ownProcesses(source, freezer) }
        }
        throw FoundryError(.timedOut, "A member's processes cannot be moved.", detail: "\(source) to \(target)")
    }

    /// Moves processes until no more are found; makes the group when there are any.
    func move(to target: String, from source: String, _ find: () -> [Int32]) throws(FoundryError) {
        for round in 0..<Self.mostRounds {
            let found = find()
            guard !found.isEmpty, let directory = directory(target, freezer) else { return }
            if round == 0 { try HostFiles.makeDirectory(directory, mode: 0o755) }
            // One that ended meanwhile cannot be moved; the next look does not find it.
            for pid in found { try? write("\(pid)", target, freezer, "cgroup.procs") }
        }
        throw FoundryError(.timedOut, "A member's processes cannot be moved.", detail: "\(source) to \(target)")
    }
}
