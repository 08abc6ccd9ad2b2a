import CFoundryLinux
import FoundryEffects
import FoundryModel
import Glibc

/// One process at a time unpacks a layer; the kernel frees the lock when its holder dies. The file stays.
struct LayerLock: Sendable {
    private let descriptor: Int32

    /// - Returns: nil when another holds it.
    static func take(_ path: String) throws(FoundryError) -> LayerLock? {
        let descriptor = try SystemCall.check(open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600), "open \(path)")
        guard foundry_lock(descriptor, 0) != 0 else { return LayerLock(descriptor: descriptor) }
        close(descriptor)
        return nil
    }

    /// - Throws: `timed_out` when another holds it for longer than the limit.
    static func take(_ path: String, limit: Duration) async throws(FoundryError) -> LayerLock {
        let deadline = SystemClock.monotonic() + Int64(limit.components.seconds * 1000)
        while true {
            if let lock = try take(path) { return lock }
            guard SystemClock.monotonic() < deadline else {
                throw FoundryError(.timedOut, "Another process unpacks the same image for too long.", detail: path)
            }
            do { try await SystemClock.sleep(.milliseconds(50)) } catch {
                throw FoundryError(.timedOut, "The cell is stopping.")
            }
        }
    }

    func release() { close(descriptor) }
}
