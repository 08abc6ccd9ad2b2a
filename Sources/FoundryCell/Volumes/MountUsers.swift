import FoundryEffects

/// Finds the processes that see a device mounted: the answer to "who keeps it?".
enum MountUsers {
    /// `4711 (redis-server)`, at most five of them.
    static func describe(device: String) -> String {
        let pids = ((try? HostFiles.names(in: "/proc")) ?? []).compactMap { Int32($0) }.sorted()
        let users = pids.lazy.filter { sees(device, $0) }.prefix(5).map { "\($0) (\(name($0)))" }
        return users.joined(separator: ", ")
    }

    private static func sees(_ device: String, _ pid: Int32) -> Bool {
        guard let text = ProcFile.read("/proc/\(pid)/mountinfo") else { return false }
        return MountTable(parsing: text).entries.contains { $0.source == device }
    }

    private static func name(_ pid: Int32) -> String {
        ProcFile.read("/proc/\(pid)/comm").map { String($0.prefix { $0 != "\n" }) } ?? "gone"
    }
}
