import FoundryModel

/// The mounts of this process's mount namespace, as the kernel lists them.
///
/// - Source: proc_pid_mountinfo(5).
public struct MountTable: Sendable {
    public struct Entry: Hashable, Sendable {
        /// `7:3`; a btrfs has a number of its own here, not its device's.
        public var device: String
        public var target: String
        /// Of the file system: `ext4`.
        public var type: String
        /// `/dev/loop3`
        public var source: String
        /// Of the mount, then of its file system.
        public var options: [String]
    }

    /// In the order of the kernel: of several at one place, the last is the one that is seen.
    public let entries: [Entry]

    /// - Throws: `machine_unfit` when it cannot be read.
    public static func read() throws(FoundryError) -> MountTable {
        guard let text = ProcFile.read("/proc/self/mountinfo") else {
            throw FoundryError(.machineUnfit, "The table of mounts cannot be read.", detail: "/proc/self/mountinfo")
        }
        return MountTable(parsing: text)
    }

    /// - Parameter text: what `/proc/PID/mountinfo` says; lines that are not of its form are passed over.
    public init(parsing text: String) {
        entries = text.split(separator: "\n").compactMap { Self.entry($0) }
    }

    /// What is seen at a place.
    public func entry(at target: String) -> Entry? { entries.last { $0.target == target } }

    /// Mounted at the path or below it.
    public func under(_ path: String) -> [Entry] {
        entries.filter { $0.target == path || $0.target.hasPrefix("\(path)/") }
    }

    /// What is mounted directly in a directory, by its name there.
    public func names(in directory: String) -> [String: Entry] {
        var found: [String: Entry] = [:]
        for entry in entries where entry.target.hasPrefix(directory + "/") {
            let name = entry.target.dropFirst(directory.count + 1)
            if !name.contains("/") { found[String(name)] = entry }
        }
        return found
    }

    /// `36 35 98:0 /root /target rw,noatime master:1 - ext4 /dev/root rw`; the number of fields before the hyphen varies.
    private static func entry(_ line: Substring) -> Entry? {
        let fields = line.split(separator: " ", omittingEmptySubsequences: false)
        guard fields.count >= 9, let hyphen = fields.dropFirst(6).firstIndex(of: "-"), hyphen + 2 < fields.count else {
            return nil
        }
        let own = fields[5].split(separator: ",")
        let fileSystems = fields.dropFirst(hyphen + 3).prefix(1).flatMap { $0.split(separator: ",") }
        return Entry(
            device: String(fields[2]), target: plain(fields[4]), type: String(fields[hyphen + 1]),
            source: plain(fields[hyphen + 2]), options: (own + fileSystems).map(String.init))
    }

    /// Space, tab, newline and backslash are written as three octal digits.
    private static func plain(_ field: Substring) -> String {
        guard field.contains("\\") else { return String(field) }
        var bytes: [UInt8] = []
        var rest = Array(field.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), rest.count >= 3,
                let value = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8)
            {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
