import FoundryModel

/// What the processes of groups use, together, from the files of either version.
///
/// With version 2 what a process took of memory and processor stays charged to the group in which it was when it took it, wherever it is moved
/// to: a member that was put below the guards has used what both of its groups say.
/// - Source: Documentation/admin-guide/cgroup-v1/memory.rst and cgroup-v2.rst.
extension CgroupTree {
    /// Beyond this a limit of memory means that there is none.
    private static let noLimit = Int64(1) << 60

    func cpuMicroseconds(_ groups: [String]) -> Int64? {
        sum(groups) { group in
            switch version {
            case .v1: number(group, "cpuacct", "cpuacct.usage").map { $0 / 1000 }
            case .v2: field("usage_usec", group, Self.unified, "cpu.stat")
            }
        }
    }

    func throttledMicroseconds(_ groups: [String]) -> Int64? {
        sum(groups) { group in
            switch version {
            case .v1: field("throttled_time", group, "cpu", "cpu.stat").map { $0 / 1000 }
            case .v2: field("throttled_usec", group, Self.unified, "cpu.stat")
            }
        }
    }

    /// What they take of the machine's memory, and of that the page cache which the kernel can take back at once.
    func memory(_ groups: [String]) -> (used: ByteCount, cache: ByteCount)? {
        let found = groups.compactMap { memory($0) }
        guard !found.isEmpty else { return nil }
        return (found.map(\.used).reduce(.zero, +), found.map(\.cache).reduce(.zero, +))
    }

    /// Of one of them: where the processes are.
    func memoryLimit(_ groups: [String]) -> ByteCount? {
        let inhabited = groups.first { !processes($0).isEmpty }
        return (inhabited ?? groups.first { memoryLimit($0) != nil }).flatMap { memoryLimit($0) }
    }

    private func memory(_ group: String) -> (used: ByteCount, cache: ByteCount)? {
        let (file, name) =
            switch version {
            case .v1: ("memory.usage_in_bytes", "total_inactive_file")
            case .v2: ("memory.current", "inactive_file")
            }
        guard let usage = number(group, "memory", file) else { return nil }
        let cache = min(usage, field(name, group, "memory", "memory.stat") ?? 0)
        return (ByteCount(bytes: usage - cache), ByteCount(bytes: cache))
    }

    /// nil when it has none.
    func memoryLimit(_ group: String) -> ByteCount? {
        let file = version == .v1 ? "memory.limit_in_bytes" : "memory.max"
        return number(group, "memory", file).flatMap { $0 < Self.noLimit ? ByteCount(bytes: $0) : nil }
    }

    private func sum(_ groups: [String], _ one: (String) -> Int64?) -> Int64? {
        groups.compactMap(one).reduce(nil) { ($0 ?? 0) + $1 }
    }

    private func number(_ group: String, _ controller: String, _ file: String) -> Int64? {
        read(group, controller, file).flatMap { Int64($0.prefix { !$0.isWhitespace }) }
    }

    /// `name 123`, a line each.
    private func field(_ name: String, _ group: String, _ controller: String, _ file: String) -> Int64? {
        for line in (read(group, controller, file) ?? "").split(separator: "\n") where line.hasPrefix(name) {
            let words = line.split(separator: " ")
            if words.count == 2, words[0] == name { return Int64(words[1]) }
        }
        return nil
    }
}
