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
        // Bytes: it is read often, and where many containers run it is long.
        entries = text.utf8.split(separator: UInt8(ascii: "\n")).compactMap { Self.entry($0) }
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
    private static func entry(_ line: Substring.UTF8View) -> Entry? {
        let fields = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard fields.count >= 9, let hyphen = fields.dropFirst(6).firstIndex(where: { $0.elementsEqual("-".utf8) }),
            hyphen + 2 < fields.count
        else { return nil }
        let options = [fields[5]] + fields.dropFirst(hyphen + 3).prefix(1)
        return Entry(
            device: text(fields[2]), target: plain(fields[4]), type: text(fields[hyphen + 1]),
            source: plain(fields[hyphen + 2]),
            options: options.flatMap { $0.split(separator: UInt8(ascii: ",")).map(text) })
    }

    private static func text(_ field: Substring.UTF8View) -> String { String(Substring(field)) }

    /// Space, tab, newline and backslash are written as three octal digits.
    private static func plain(_ field: Substring.UTF8View) -> String {
        guard field.contains(UInt8(ascii: "\\")) else { return text(field) }
        var bytes: [UInt8] = []
        var rest = Array(field)[...]
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
