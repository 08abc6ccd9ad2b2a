/// What is mounted where, as this process sees it.
public struct MountTable: Sendable {
    public struct Mount: Hashable, Sendable {
        public var point: String
        public var fileSystem: String
        public var source: String
        /// Of the mount and of its file system.
        public var options: [String]
    }

    public let mounts: [Mount]

    public static func read() -> Self { Self(parsing: ProcFile.read("/proc/self/mountinfo") ?? "") }

    /// - Source: proc_pid_mountinfo(5).
    init(parsing text: String) {
        mounts = text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count > dash + 2 else { return nil }
            let more = fields.count > dash + 3 ? fields[dash + 3] : ""
            return Mount(
                point: Self.plain(fields[4]), fileSystem: String(fields[dash + 1]),
                source: Self.plain(fields[dash + 2]),
                options: (fields[5].split(separator: ",") + more.split(separator: ",")).map(String.init))
        }
    }

    /// Mounted at the path or below it.
    public func under(_ path: String) -> [Mount] {
        mounts.filter { $0.point == path || $0.point.hasPrefix("\(path)/") }
    }

    /// Spaces and the like are written as `\040`.
    private static func plain(_ field: Substring) -> String {
        guard field.contains("\\") else { return String(field) }
        var bytes: [UInt8] = []
        var rest = Array(field.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), rest.count >= 3,
                let code = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8)
            {
                bytes.append(code)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
