import Crypto
import FoundryEffects
import FoundryModel
import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A release in one file, `.tgz`: the same bytes for the same release and key, and judged whole before any of it is written.
public enum ReleaseArchive {
    /// What an archive is, as far as its files and its signature prove it.
    public struct Verdict: Hashable, Sendable {
        /// Of the checksums: `sha256:...`.
        public var digest: String
        /// nil: nobody signed it.
        public var signer: ReleaseSigner?
        /// By path.
        var sums: [String: String]
    }

    /// - Parameter file: to be written; one that is there is replaced whole.
    /// - Parameter key: nil: nobody signs.
    /// - Throws: `release_invalid` with every mistake; `internal_error`, `disk_full`, `command_failed`.
    public static func pack(
        _ directory: String, to file: String, signedBy key: ReleaseKey?, author: String = ""
    ) async throws(FoundryError) -> Verdict {
        let release = try ReleaseReader.read(directory).checked()
        var sums: [String: String] = [:]
        let temporary = "\(file).new.tar"
        defer {
            for left in [temporary, temporary + ".gz"] { try? FileManager.default.removeItem(atPath: left) }
        }
        for (path, content) in release.files.files {
            if let bytes = content.bytes {
                sums[path] = ReleaseSeal.sum(bytes)
            } else {
                sums[path] = try perform { try sum(of: "\(directory)/\(path)") }
            }
        }
        let checksums = ReleaseSeal.checksums(sums)
        try perform {
            let signature = try key.map { try ReleaseSeal.signature(of: checksums, by: $0, author: author) }
            try write(release, checksums, signature, sums: sums, to: temporary)
        }
        try await Command().run("gzip", ["-n", "-9", "-f", temporary], limit: .seconds(600))
        try perform {
            let packed = try FileDescriptor.open(FilePath(temporary + ".gz"), .readOnly, options: .closeOnExec)
            try packed.closeAfter { try DurableFile.sync(packed) }
            try DurableFile.rename(temporary + ".gz", to: file)
        }
        return try inspect(file)
    }

    /// Judges an archive, and writes nothing.
    ///
    /// - Throws: `release_invalid`; `release_untrusted` for a signature that is none.
    public static func inspect(_ file: String) throws(FoundryError) -> Verdict {
        let judge = ArchiveJudge()
        try read(file) { event in try judge.take(event) }
        return try judge.verdict()
    }

    /// Judges an archive, and only then writes its files, without checksums and signature.
    ///
    /// - Parameter directory: there is none yet; it appears whole.
    /// - Throws: as `inspect`; `internal_error`, `disk_full`.
    public static func unpack(_ file: String, into directory: String) throws(FoundryError) -> Verdict {
        let verdict = try inspect(file)
        let fresh = "\(directory).new"
        guard !FileManager.default.fileExists(atPath: directory) else {
            throw FoundryError(.conflict, "\(directory) is there already.", hint: "name a directory that is not there")
        }
        let writer = ArchiveWriter(to: fresh, sums: verdict.sums)
        do throws(FoundryError) {
            try perform {
                if FileManager.default.fileExists(atPath: fresh) { try FileManager.default.removeItem(atPath: fresh) }
                try FileManager.default.createDirectory(atPath: fresh, withIntermediateDirectories: true)
            }
            try read(file) { event in try writer.take(event) }
            try perform { try DurableFile.rename(fresh, to: directory) }
        } catch {
            try? FileManager.default.removeItem(atPath: fresh)
            throw error
        }
        return verdict
    }

    /// What a catalog says of the file itself.
    ///
    /// - Returns: 64 hex digits, and its size.
    public static func identity(of file: String) throws(FoundryError) -> (sha256: String, bytes: Int64) {
        let found = try perform { try each(of: file) { _ in } }
        return (found.sum, found.size)
    }

    // MARK: Reading

    static func read(_ file: String, _ sink: @escaping (TarStream.Event) throws -> Void) throws(FoundryError) {
        try perform {
            let descriptor = try FileDescriptor.open(
                FilePath(file), .readOnly, options: [.closeOnExec, .nonBlocking])
            try descriptor.closeAfter {
                var stream = TarStream(sink)
                try Gzip.unpack(descriptor) { try stream.take($0) }
                try stream.finish()
            }
        }
    }

    private static func perform<Result>(_ work: () throws -> Result) throws(FoundryError) -> Result {
        do { return try work() } catch let error as FoundryError {
            throw error
        } catch is Gzip.Malformed {
            throw TarStream.refused("is not packed with gzip, or is damaged")
        } catch {
            let isFull = (error as? Errno) == .noSpace
            throw FoundryError(
                isFull ? .diskFull : .internalError, "The archive of a release cannot be read or written.",
                detail: "\(error)")
        }
    }

    // MARK: Writing

    private static func write(
        _ release: CheckedRelease, _ checksums: String, _ signature: String?, sums: [String: String], to file: String
    ) throws {
        let output = try FileDescriptor.open(
            FilePath(file), .writeOnly, options: [.create, .truncate, .closeOnExec, .noFollow],
            permissions: [.ownerReadWrite, .groupRead, .otherRead])
        try output.closeAfter {
            var made: Set<String> = []
            func add(_ path: String, _ bytes: [UInt8], isExecutable: Bool) throws {
                let header = TarHeader(
                    path: path, isDirectory: false, isExecutable: isExecutable, bytes: Int64(bytes.count))
                try output.writeAll(try TarTree.header(header) + bytes + [UInt8](repeating: 0, count: header.padding))
            }
            try add(ReleaseSeal.checksumsName, Array(checksums.utf8), isExecutable: false)
            if let signature { try add(ReleaseSeal.signatureName, Array(signature.utf8), isExecutable: false) }
            for path in release.files.paths {
                guard let content = release.files.files[path] else { continue }
                for parent in TarTree.parents(of: path) where made.insert(parent).inserted {
                    try output.writeAll(
                        try TarTree.header(TarHeader(path: parent, isDirectory: true, isExecutable: true, bytes: 0)))
                }
                if let bytes = content.bytes {
                    try add(path, bytes, isExecutable: content.isExecutable)
                } else {
                    try copy(path, content.size, of: release, sum: sums[path], to: output)
                }
            }
            try output.writeAll(TarTree.end)
        }
    }

    /// An image archive, which is too large for the memory.
    private static func copy(
        _ path: String, _ size: Int64, of release: CheckedRelease, sum: String?, to output: FileDescriptor
    ) throws {
        let header = TarHeader(path: path, isDirectory: false, isExecutable: false, bytes: size)
        try output.writeAll(try TarTree.header(header))
        let found = try each(of: "\(release.files.directory)/\(path)") { try output.writeAll($0) }
        guard found.sum == sum, found.size == size else {
            throw FoundryError(.releaseInvalid, "\(path) changed while it was packed.", hint: "try again")
        }
        try output.writeAll([UInt8](repeating: 0, count: header.padding))
    }

    private static func sum(of file: String) throws -> String { try each(of: file) { _ in }.sum }

    private static func each(
        of file: String, _ work: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> (sum: String, size: Int64) {
        let input = try FileDescriptor.open(FilePath(file), .readOnly, options: [.noFollow, .closeOnExec])
        return try input.closeAfter {
            var hash = SHA256()
            var size: Int64 = 0
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
            defer { buffer.deallocate() }
            while true {
                let count = try input.read(into: buffer)
                if count == 0 { return (ReleaseSeal.hex(hash.finalize()), size) }
                let part = UnsafeRawBufferPointer(rebasing: buffer[..<count])
                hash.update(bufferPointer: part)
                size += Int64(count)
                try work(part)
            }
        }
    }
}
