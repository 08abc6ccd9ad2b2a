import Glibc

/// One process, and no later one that got its number: the pid, when it started, and during which boot.
public struct ProcessIdentity: Hashable, Sendable {
    public let pid: Int32
    /// Since boot, in ticks of the kernel's user clock (`sysconf(_SC_CLK_TCK)`).
    public let startTicks: UInt64
    public let bootID: String

    public init(pid: Int32, startTicks: UInt64, bootID: String = Self.bootID) {
        self.pid = pid
        self.startTicks = startTicks
        self.bootID = bootID
    }

    /// The process that has this number now; nil when there is none, or only its remains that nobody collected.
    public init?(living pid: Int32) {
        guard let text = ProcFile.read("/proc/\(pid)/stat"), let (state, ticks) = Self.parse(text), state != "Z",
            state != "X"
        else { return nil }
        self.init(pid: pid, startTicks: ticks)
    }

    public static let bootID = ProcFile.line("/proc/sys/kernel/random/boot_id") ?? "unknown"

    public static func current() -> Self { Self(living: getpid()) ?? Self(pid: getpid(), startTicks: 0) }

    public var isAlive: Bool { Self(living: pid) == self }

    /// How long it has run.
    public var uptimeMilliseconds: Int64 { max(0, SystemClock.monotonic().milliseconds - startMilliseconds) }

    /// When it began, on the clock that counts from the boot.
    public var startMilliseconds: Int64 {
        let ticksPerSecond = Int64(max(1, sysconf(Int32(_SC_CLK_TCK))))
        return Int64(clamping: startTicks) * 1000 / ticksPerSecond
    }

    /// `4711 (any name) S 1 ...`: state is field 3, start is field 22.
    ///
    /// - Source: proc_pid_stat(5).
    static func parse(_ stat: String) -> (state: Substring, startTicks: UInt64)? {
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 19, let ticks = UInt64(fields[19]) else { return nil }
        return (fields[0], ticks)
    }
}

/// As a line of text.
extension ProcessIdentity: CustomStringConvertible {
    /// - Parameter line: `4711 123456 3fa2...`, more words are passed over.
    public init?(parsing line: String) {
        let words = line.split(whereSeparator: \.isWhitespace)
        guard words.count >= 3, let pid = Int32(words[0]), pid > 0, let ticks = UInt64(words[1]) else { return nil }
        self.init(pid: pid, startTicks: ticks, bootID: String(words[2]))
    }

    public var description: String { "\(pid) \(startTicks) \(bootID)" }
}

extension ProcessIdentity: Codable {
    private enum CodingKeys: String, CodingKey {
        case pid
        case startTicks
        case bootID
    }

    /// Without a boot it is of this one: what wrote it does not outlive a boot.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            pid: try values.decode(Int32.self, forKey: .pid),
            startTicks: try values.decode(UInt64.self, forKey: .startTicks),
            bootID: try values.decodeIfPresent(String.self, forKey: .bootID) ?? Self.bootID)
    }
}
