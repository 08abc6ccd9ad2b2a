import CFoundryLinux
import FoundryEffects
import FoundryModel
import Glibc

/// A living process, held by its pidfd: signals and waits reach it and never a later process of the same number.
public final class ProcessHandle: Sendable {
    public let identity: ProcessIdentity
    /// Readable once the process has ended.
    let descriptor: Int32

    private init(identity: ProcessIdentity, descriptor: Int32) {
        self.identity = identity
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// - Returns: nil when it has ended.
    public static func open(_ identity: ProcessIdentity) -> ProcessHandle? {
        guard identity.bootID == ProcessIdentity.bootID else { return nil }
        let descriptor = foundry_pidfd_open(identity.pid)
        guard descriptor >= 0 else { return nil }
        let handle = ProcessHandle(identity: identity, descriptor: descriptor)
        // The number was looked up first, so a match here means that the descriptor is of that very process.
        return identity.isAlive ? handle : nil
    }

    /// Of our own child, which keeps its number until it is collected, ended or not.
    static func child(_ pid: Int32) throws(FoundryError) -> ProcessHandle {
        let descriptor = foundry_pidfd_open(pid)
        guard descriptor >= 0 else {
            throw FoundryError(
                .internalError, "A child cannot be watched.", detail: "pid \(pid): \(String(cString: strerror(errno)))")
        }
        return ProcessHandle(
            identity: ProcessIdentity(living: pid) ?? ProcessIdentity(pid: pid, startTicks: 0), descriptor: descriptor)
    }

    /// - Returns: false when it has ended.
    @discardableResult
    public func signal(_ number: Int32) -> Bool { foundry_pidfd_signal(descriptor, number) == 0 }

    /// - Parameter milliseconds: nil: as long as it takes.
    /// - Returns: whether it has ended.
    public func waitForEnd(milliseconds: Int64?) -> Bool {
        var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        var result: Int32
        repeat {
            result = poll(&poller, 1, milliseconds.map { Int32(clamping: max(0, $0)) } ?? -1)
        } while result < 0 && errno == EINTR
        return result > 0
    }
}
