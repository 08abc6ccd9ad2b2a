import CFoundryLinux
import FoundryEffects
import FoundryModel
import Glibc

/// A process, told apart from a later one of the same number by when it began.
struct ProcessIdentity: Hashable, Sendable, Codable {
    var pid: Int32
    /// Since boot, in ticks of the kernel's user clock (`sysconf(_SC_CLK_TCK)`).
    var startTicks: UInt64

    /// The process that has this number now; nil when there is none, or only what is left of one.
    init?(living pid: Int32) {
        guard let text = ProcFile.read("/proc/\(pid)/stat"), let (state, ticks) = Self.parse(text), state != "Z",
            state != "X"
        else { return nil }
        self.pid = pid
        startTicks = ticks
    }

    /// From a file that holds a process id and nothing else.
    init?(pidFile path: String) {
        guard let text = ProcFile.read(path), let pid = Int32(text.prefix { !$0.isWhitespace }) else { return nil }
        self.init(living: pid)
    }

    var isAlive: Bool { ProcessIdentity(living: pid) == self }

    /// - Returns: nil when the process is gone.
    func open() throws(FoundryError) -> Int32? {
        let descriptor = foundry_pidfd_open(pid)
        guard descriptor >= 0 else {
            guard SystemCall.problem(descriptor) != .noSuchProcess else { return nil }
            try SystemCall.check(descriptor, "watch process \(pid)")
            return nil
        }
        // Between reading the number and opening it, it may have passed to another.
        if isAlive { return descriptor }
        close(descriptor)
        return nil
    }

    /// Nothing happens when the process is gone.
    func signal(_ number: Int32) throws(FoundryError) {
        guard let descriptor = try open() else { return }
        let problem = SystemCall.problem(foundry_pidfd_signal(descriptor, number))
        close(descriptor)
        if let problem, problem != .noSuchProcess { throw SystemCall.error(problem, "signal process \(pid)") }
    }

    /// - Returns: false when it still lives after the limit.
    func waitForEnd(limitMilliseconds: Int64, watch: DescriptorWatch = .shared) async throws(FoundryError) -> Bool {
        guard let descriptor = try open() else { return true }
        let outcome = await watch.wait(descriptor, for: POLLIN, limitMilliseconds: limitMilliseconds)
        close(descriptor)
        return outcome == .ready
    }

    /// When the process began, by the wall clock of now: ask once and keep the answer.
    func startedAt() -> Timestamp {
        let ticksPerSecond = UInt64(max(1, sysconf(Int32(_SC_CLK_TCK))))
        let sinceBoot = Int64(startTicks * 1000 / ticksPerSecond)
        return SystemClock.timestamp() + (sinceBoot - SystemClock.monotonic().milliseconds)
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
