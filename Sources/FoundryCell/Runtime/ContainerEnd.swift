import FoundryModel

/// How a container ended, in words.
enum ContainerEnd {
    /// - Parameter status: as a shell says it: 128 and the number of the signal when one ended the process; nil when nobody saw it.
    /// - Parameter outOfMemoryKills: of its processes, by the kernel.
    static func reason(status: Int32?, outOfMemoryKills: Int, memory: ByteCount) -> String {
        let limit = "for using more than its \(memory) of memory"
        guard let status else {
            return outOfMemoryKills > 0
                ? "ended after a process of it was killed \(limit)"
                : "ended while its monitor (conmon) was gone, so nobody saw how"
        }
        if outOfMemoryKills > 0, status == 137 { return "was killed \(limit)" }
        return outOfMemoryKills > 0 ? "\(plain(status)), after a process of it was killed \(limit)" : plain(status)
    }

    private static func plain(_ status: Int32) -> String {
        guard status > 128, status <= 192 else { return "exited with status \(status)" }
        let number = status - 128
        return "killed by signal \(number)" + (SignalNumber.name(number).map { " (\($0))" } ?? "")
    }
}
