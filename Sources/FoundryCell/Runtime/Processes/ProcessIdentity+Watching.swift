import CFoundryLinux
import FoundryEffects
import FoundryModel
import Glibc

/// Watching and ending the processes of a container.
extension ProcessIdentity {
    /// From a file that holds a process id and nothing else, as conmon and runc write them.
    init?(pidFile path: String) {
        guard let text = ProcFile.read(path), let pid = Int32(text.prefix { !$0.isWhitespace }) else { return nil }
        self.init(living: pid)
    }

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
        SystemClock.timestamp() + (startMilliseconds - SystemClock.monotonic().milliseconds)
    }
}
