import FoundryModel
import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Files that clients send in parts, because a request is small: begun, added to in order, and taken once.
///
/// Few at a time. What nobody goes on with for an hour is removed when the next one begins, and what a killed server left, too.
public actor Uploads {
    public static let largest = ByteCount.gigabytes(32)
    private static let most = 4
    private static let idleMilliseconds: Int64 = 3_600_000

    private struct Upload {
        var size: Int64 = 0
        var touched: MonotonicTime
    }

    private let directory: String
    private var uploads: [String: Upload] = [:]

    public init(directory: String) { self.directory = directory }

    /// - Returns: its guid.
    /// - Throws: `too_many_requests`; `internal_error`, `disk_full`.
    public func begin() throws(FoundryError) -> String {
        let now = SystemClock.monotonic()
        uploads = uploads.filter { now - $0.value.touched < Self.idleMilliseconds }
        try sweep()
        guard uploads.count < Self.most else {
            throw FoundryError(
                .tooManyRequests, "\(Self.most) uploads are on their way already.", hint: "try again when one has ended"
            )
        }
        let guid = UUID().uuidString.lowercased()
        try perform {
            let file = try FileDescriptor.open(
                FilePath(path(guid)), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: .ownerReadWrite)
            try file.close()
        }
        uploads[guid] = Upload(touched: now)
        return guid
    }

    /// - Parameter offset: where the part belongs: behind all that is there. A part that is there already may come again.
    /// - Returns: the size afterwards.
    /// - Throws: `not_found`, `conflict`, `body_too_large`, `disk_full`.
    public func add(_ bytes: [UInt8], to guid: String, at offset: Int64) throws(FoundryError) -> Int64 {
        var upload = try find(guid)
        let end = offset + Int64(bytes.count)
        if end <= upload.size { return upload.size }
        guard offset == upload.size else {
            throw FoundryError(
                .conflict, "The upload has \(upload.size) bytes; a part begins there.", hint: "send the parts in order")
        }
        guard end <= Self.largest.bytes else {
            throw FoundryError(.bodyTooLarge, "An upload has \(Self.largest) at most.")
        }
        if let room = ImageLayout.room(at: directory), ByteCount(bytes: Int64(bytes.count)) > room {
            throw FoundryError(
                .diskFull, "The machine has no room for the rest of the upload.", hint: "foundry image rm NAME")
        }
        let file = path(guid)
        try perform {
            let descriptor = try FileDescriptor.open(FilePath(file), .writeOnly, options: .closeOnExec)
            try descriptor.closeAfter { _ = try descriptor.writeAll(toAbsoluteOffset: offset, bytes) }
        }
        upload.size = end
        upload.touched = SystemClock.monotonic()
        uploads[guid] = upload
        return end
    }

    /// Its file. From now on it is the caller's to remove.
    ///
    /// - Throws: `not_found`.
    public func take(_ guid: String) throws(FoundryError) -> String {
        _ = try find(guid)
        uploads[guid] = nil
        let taken = path(guid) + ".taken"
        try perform { try FileManager.default.moveItem(atPath: path(guid), toPath: taken) }
        return taken
    }

    private func find(_ guid: String) throws(FoundryError) -> Upload {
        guard let upload = uploads[guid] else {
            throw FoundryError(.notFound, "Upload not found", hint: "begin again: an upload ends with the server")
        }
        return upload
    }

    /// Of what is being taken in at the moment nothing goes: it has another name.
    private func sweep() throws(FoundryError) {
        try perform {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            for name in try FileManager.default.contentsOfDirectory(atPath: directory)
            where uploads[name] == nil && !name.hasSuffix(".taken") {
                try FileManager.default.removeItem(atPath: "\(directory)/\(name)")
            }
        }
    }

    private func path(_ guid: String) -> String { "\(directory)/\(guid)" }

    private func perform(_ work: () throws -> Void) throws(FoundryError) {
        do { try work() } catch {
            let isFull = (error as? Errno) == .noSpace
            throw FoundryError(
                isFull ? .diskFull : .internalError, "The upload cannot be kept.", detail: "\(directory): \(error)",
                hint: isFull ? "foundry image rm NAME" : "foundry doctor")
        }
    }
}
