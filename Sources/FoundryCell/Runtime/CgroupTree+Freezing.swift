import FoundryEffects
import FoundryModel

extension CgroupTree {
    /// The hierarchy in which groups are frozen.
    var freezer: String { version == .v1 ? "freezer" : Self.unified }

    /// How often a group is looked at again, for processes that were begun while others were moved.
    private static let mostRounds = 100
    private static let limits = ["memory.max", "memory.swap.max", "cpu.max", "cpu.weight", "pids.max"]

    func isFrozen(_ group: String) -> Bool {
        switch version {
        case .v1: read(group, freezer, "freezer.state").map { !$0.hasPrefix("THAWED") } ?? false
        case .v2: read(group, freezer, "cgroup.freeze").map { $0.hasPrefix("1") } ?? false
        }
    }

    func setFrozen(_ group: String, _ isFrozen: Bool) throws(FoundryError) {
        switch version {
        case .v1: try write(isFrozen ? "FROZEN" : "THAWED", group, freezer, "freezer.state")
        case .v2: try write(isFrozen ? "1" : "0", group, freezer, "cgroup.freeze")
        }
    }

    func processes(_ group: String, _ controller: String) -> [Int32] {
        (read(group, controller, "cgroup.procs") ?? "").split(separator: "\n").compactMap { Int32($0) }
    }

    /// Version 1 keeps limits in hierarchies of their own: there is nothing to copy.
    func copyLimits(from source: String, to target: String) throws(FoundryError) {
        guard version == .v2 else { return }
        let parent = target.split(separator: "/").dropLast().map { "/\($0)" }.joined()
        try? write("+memory +cpu +pids", parent, Self.unified, "cgroup.subtree_control")
        for file in Self.limits {
            guard let limit = read(source, Self.unified, file) else { continue }
            try write(limit.filter { $0 != "\n" }, target, Self.unified, file)
        }
    }

    /// Moves every process, those that begin meanwhile among them.
    ///
    /// - Throws: `timed_out` when new ones keep coming.
    func moveAll(from source: String, to target: String) throws(FoundryError) {
        for _ in 0..<Self.mostRounds {
            let found = processes(source, freezer)
            if found.isEmpty { return }
            // One that ended meanwhile cannot be moved; the next look does not find it.
            for pid in found { try? write("\(pid)", target, freezer, "cgroup.procs") }
        }
        throw FoundryError(.timedOut, "A member's processes cannot be moved.", detail: "\(source) to \(target)")
    }
}
