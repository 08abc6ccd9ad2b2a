import CFoundryLinux
import FoundryEffects
import FoundryModel
import Glibc
import SystemPackage

/// An advisory lock on a file, held until it is let go or its holder dies. The file stays: two holders must never lock two files of one name.
public struct FileLock: ~Copyable {
    public enum Wait: Hashable, Sendable {
        case not
        case milliseconds(Int64)
        /// For those whose work is to wait.
        case forEver
    }

    private let descriptor: Int32

    /// - Parameter wait: how long until it must be free.
    /// - Returns: nil when somebody held it all the time.
    /// - Throws: `machine_unfit` when the file cannot be opened.
    public static func take(_ path: String, wait: Wait) throws(FoundryError) -> FileLock? {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw FoundryError(
                .machineUnfit, "\(path) cannot be opened.", detail: String(cString: strerror(errno)),
                hint: "run it as root")
        }
        var end = SystemClock.monotonic()
        if case .milliseconds(let limit) = wait { end = end + limit }
        repeat {
            if foundry_lock(descriptor, wait == .forEver ? 1 : 0) == 0 { return FileLock(descriptor: descriptor) }
            if SystemClock.monotonic() < end { poll(nil, 0, 20) }
        } while SystemClock.monotonic() < end
        close(descriptor)
        return nil
    }

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }
}
