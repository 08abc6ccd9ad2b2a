import FoundryModel
import Glibc
import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a daemon writes to its standard output and error, bounded: the file and one older one (`server.log.1`), each of at most `limit` bytes and what is
/// written between two looks.
public struct DaemonLog: Sendable {
    public static let usualLimit = ByteCount.megabytes(4)

    public let path: String
    public let limit: ByteCount

    public init(path: String, limit: ByteCount = Self.usualLimit) {
        self.path = path
        self.limit = limit
    }

    private var older: String { "\(path).1" }

    /// For a program that begins: a full file is set aside first.
    public func open() throws(FoundryError) -> FileDescriptor {
        if isFull { rename(path, older) }
        do {
            return try FileDescriptor.open(
                FilePath(path), .writeOnly, options: [.create, .append, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead])
        } catch {
            throw FoundryError(
                .commandFailed, "cannot be started: its log \(path) cannot be opened (\(error)).",
                hint: "`foundry doctor` says whether the data directory is read-only, or full")
        }
    }

    /// For a program that goes on writing: what a full file holds is copied aside, then it is emptied under its writer, who appends.
    /// Lines written in between are lost.
    public func bound() {
        guard isFull else { return }
        let fresh = "\(older).new"
        try? FileManager.default.removeItem(atPath: fresh)
        guard (try? FileManager.default.copyItem(atPath: path, toPath: fresh)) != nil else { return }
        truncate(path, 0)
        rename(fresh, older)
    }

    private var isFull: Bool {
        var information = stat()
        return stat(path, &information) == 0 && Int64(information.st_size) >= limit.bytes
    }
}
