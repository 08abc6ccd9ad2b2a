import CFoundryLinux
import FoundryEffects
import Glibc

/// One process, and no later one that got its number: the pid, when it started, and during which boot.
public struct ProcessIdentity: Hashable, Sendable, CustomStringConvertible {
    public let pid: Int32
    /// Clock ticks since boot, from `/proc/PID/stat`.
    public let startTicks: UInt64
    public let bootID: String

    public init(pid: Int32, startTicks: UInt64, bootID: String = Self.bootID) {
        self.pid = pid
        self.startTicks = startTicks
        self.bootID = bootID
    }

    public static let bootID = ProcFile.line("/proc/sys/kernel/random/boot_id") ?? "unknown"

    /// - Parameter line: `4711 123456 3fa2...`, more words are passed over.
    public init?(parsing line: String) {
        let words = line.split(whereSeparator: \.isWhitespace)
        guard words.count >= 3, let pid = Int32(words[0]), pid > 0, let ticks = UInt64(words[1]) else { return nil }
        self.init(pid: pid, startTicks: ticks, bootID: String(words[2]))
    }

    public var description: String { "\(pid) \(startTicks) \(bootID)" }

    /// The process that has this number now; nil when there is none, or only its remains that nobody collected.
    public static func of(_ pid: Int32) -> Self? {
        guard let text = ProcFile.read("/proc/\(pid)/stat"), let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 19, fields[0] != "Z", fields[0] != "X", let ticks = UInt64(fields[19]) else { return nil }
        return Self(pid: pid, startTicks: ticks)
    }

    public static func current() -> Self { of(getpid()) ?? Self(pid: getpid(), startTicks: 0) }

    public var isAlive: Bool { Self.of(pid) == self }

    /// How long it has run.
    public var uptimeMilliseconds: Int64 {
        let ticksPerSecond = Int64(max(1, sysconf(Int32(_SC_CLK_TCK))))
        return max(0, SystemClock.monotonic().milliseconds - Int64(clamping: startTicks) * 1000 / ticksPerSecond)
    }
}
