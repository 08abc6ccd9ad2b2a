import CFoundryLinux
import FoundryModel
import Glibc

/// One process at a time works on a layer, or on a layout's index; the kernel frees the lock when its holder dies. The file stays.
public struct ImageLock: Sendable {
    private let descriptor: Int32

    /// - Returns: nil when another holds it.
    /// - Throws: `internal_error` when the file cannot be opened.
    public static func take(_ path: String) throws(FoundryError) -> ImageLock? {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw FoundryError(
                .internalError, "A lock of the images cannot be opened.",
                detail: "\(path): \(String(cString: strerror(foundry_errno())))", hint: "foundry doctor")
        }
        guard foundry_lock(descriptor, 0) != 0 else { return ImageLock(descriptor: descriptor) }
        close(descriptor)
        return nil
    }

    /// - Throws: `timed_out` when another holds it for longer than the limit.
    public static func take(_ path: String, limit: Duration) async throws(FoundryError) -> ImageLock {
        let deadline = SystemClock.monotonic() + Int64(limit.components.seconds * 1000)
        while true {
            if let lock = try take(path) { return lock }
            guard SystemClock.monotonic() < deadline else {
                throw FoundryError(.timedOut, "Another process works on the same image for too long.", detail: path)
            }
            do { try await SystemClock.sleep(.milliseconds(50)) } catch {
                throw FoundryError(.timedOut, "The work was given up.")
            }
        }
    }

    public func release() { close(descriptor) }
}
