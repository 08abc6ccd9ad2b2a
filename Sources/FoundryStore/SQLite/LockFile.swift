#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// One opener at a time: an advisory lock on a file beside the store's, freed by the kernel when the holder dies.
///
/// The file stays when the lock is let go: removing it would let two openers lock two files of one name.
struct LockFile: ~Copyable {
    private let file: CInt

    /// - Parameter path: of the lock file; it holds the process id of the last holder, for people.
    /// - Throws: ``StoreError/Code/inUse`` at once when somebody holds it.
    init(_ path: String) throws(StoreError) {
        let file = try StoreFile.open(path)
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            let holder = Self.holder(file)
            close(file)
            guard number == EWOULDBLOCK else {
                errno = number
                throw StoreFile.failure(path, "it can't be locked")
            }
            throw StoreError(
                .inUse, "another process has the store open",
                detail: "\(path)\(holder.map { ", held by process \($0)" } ?? "")",
                hint: "a running `foundry server` of this data directory holds it; `foundry down` stops it")
        }
        self.file = file
        write(getpid())
    }

    deinit {
        close(file)
    }

    private func write(_ pid: pid_t) {
        let text = Array("\(pid)\n".utf8)
        _ = ftruncate(file, 0)
        _ = pwrite(file, text, text.count, 0)
    }

    private static func holder(_ file: CInt) -> String? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(file, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        let digits = bytes.prefix(count).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return digits.isEmpty ? nil : String(decoding: digits, as: UTF8.self)
    }
}
