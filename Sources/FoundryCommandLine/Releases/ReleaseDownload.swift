import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryReleases
import SystemPackage

/// Brings what lies on a web server, or on a disk, into a scratch directory.
enum ReleaseDownload {
    /// In all.
    private static let longest = Duration.seconds(900)

    /// - Parameter file: there is none yet.
    /// - Throws: as `Download`; `timed_out`.
    static func file(_ address: String, to file: String, largest: Int64, limit: Duration = longest) async throws {
        let descriptor = try FileDescriptor.open(
            FilePath(file), .writeOnly, options: [.create, .exclusiveCreate, .noFollow, .closeOnExec],
            permissions: .ownerReadWrite)
        do {
            try await Deadline.run(limit) {
                try await Download(largest: largest).fetch(address) { _ = try descriptor.writeAll($0) }
            }
        } catch {
            try descriptor.close()
            guard error is DeadlineExceeded else { throw error }
            throw FoundryError(.timedOut, "\(address) did not come within \(limit).")
        }
        try descriptor.close()
    }

    /// - Parameter place: a file, a directory that holds one, or an address.
    /// - Parameter scratch: a directory.
    static func catalog(_ place: String, _ scratch: String) async throws -> ReleaseCatalog {
        var file = place
        if WebAddress.isOne(place) {
            file = "\(scratch)/\(ReleaseCatalog.fileName)"
            try await self.file(place, to: file, largest: Int64(ReleaseCatalog.mostBytes))
        }
        guard let bytes = try? read(file) else {
            throw FoundryError(
                .releaseNotFound, "There is no catalog at \(place).", hint: "foundry release index DIRECTORY")
        }
        return try ReleaseCatalog.read(bytes)
    }

    /// One byte more than a catalog may have shows that it has too many.
    private static func read(_ file: String) throws -> [UInt8] {
        let descriptor = try FileDescriptor.open(FilePath(file), .readOnly, options: [.closeOnExec, .nonBlocking])
        return try descriptor.closeAfter {
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while bytes.count <= ReleaseCatalog.mostBytes {
                let count = try buffer.withUnsafeMutableBytes { try descriptor.read(into: $0) }
                if count == 0 { break }
                bytes += buffer[..<count]
            }
            return bytes
        }
    }
}
