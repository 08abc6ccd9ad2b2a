import Crypto
import SystemPackage

/// A store as one file: a line that says what it is, then a SQLite database, whole. Of mode 0600: records hold tenants' environment.
public enum StoreBackupFile {
    private static let piece = 256 << 10

    /// Writes a backup beside its place, syncs it, and puts it there.
    ///
    /// - Parameter database: a closed database that nobody writes to.
    /// - Parameter path: nothing must be there, unless it is replaced.
    /// - Throws: ``StoreError/Code/unavailable`` when something is there; ``StoreError/Code/diskFull``, ``StoreError/Code/inputOutput``.
    static func write(
        _ database: String, source: StoreBackupHeader.Source, revision: Int64, to path: String
    ) throws(StoreError) -> StoreBackupHeader {
        try guarding(path) {
            let content = try FileDescriptor.open(FilePath(database), .readOnly, options: [.closeOnExec])
            return try content.closeAfter {
                let (bytes, digest) = try measure(content, from: 0)
                let header = StoreBackupHeader(source, revision: revision, bytes: bytes, sha256: digest)
                try place(path) { target in
                    try target.writeAll(try header.line())
                    try copy(content, from: 0, to: target)
                }
                return header
            }
        }
    }

    /// Reads all of it.
    ///
    /// - Throws: ``StoreError/Code/foreign`` for what is no backup; ``StoreError/Code/corrupt`` when it was cut short or changed;
    ///   ``StoreError/Code/newer``, ``StoreError/Code/unavailable``.
    public static func verify(_ path: String) throws(StoreError) -> StoreBackupHeader {
        try guarding(path) {
            let file = try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec])
            return try file.closeAfter { try verified(file, path).header }
        }
    }

    /// What its first line says; nothing else is read.
    public static func header(of path: String) throws(StoreError) -> StoreBackupHeader {
        try guarding(path) {
            let file = try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec])
            return try file.closeAfter { try header(file, path).header }
        }
    }

    /// Writes a database to a new file: the one in a backup, which is verified, or a store's own with its log, which nobody must have open.
    ///
    /// - Returns: nil when it was a store's own.
    static func unpack(_ path: String, to target: String) throws(StoreError) -> StoreBackupHeader? {
        try guarding(path) {
            let file = try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec])
            return try file.closeAfter {
                guard try !isDatabase(file) else {
                    if StoreFile.exists(path + "-wal") { try duplicate(path + "-wal", to: target + "-wal") }
                    try place(target) { try copy(file, from: 0, to: $0) }
                    return nil
                }
                let (header, length) = try verified(file, path)
                try place(target) { try copy(file, from: Int64(length), to: $0) }
                return header
            }
        }
    }

    private static func duplicate(_ path: String, to target: String) throws {
        let file = try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec])
        try file.closeAfter { try place(target) { try copy(file, from: 0, to: $0) } }
    }

    private static func isDatabase(_ file: FileDescriptor) throws -> Bool {
        let magic = Array("SQLite format 3\0".utf8)
        var head = [UInt8](repeating: 0, count: magic.count)
        return try head.withUnsafeMutableBytes { try file.read(fromAbsoluteOffset: 0, into: $0) } == magic.count
            && head == magic
    }

    private static func header(
        _ file: FileDescriptor, _ path: String
    ) throws -> (header: StoreBackupHeader, length: Int) {
        var head = [UInt8](repeating: 0, count: StoreBackupHeader.longest)
        let count = try head.withUnsafeMutableBytes { try file.read(fromAbsoluteOffset: 0, into: $0) }
        guard let (header, length) = try StoreBackupHeader.parse(Array(head.prefix(count))) else {
            throw StoreError(
                .foreign, "the file is no backup of a store", detail: path,
                hint: "`foundry store backup FILE` makes one")
        }
        return (header, length)
    }

    private static func verified(
        _ file: FileDescriptor, _ path: String
    ) throws -> (header: StoreBackupHeader, length: Int) {
        let (header, length) = try header(file, path)
        let (bytes, digest) = try measure(file, from: Int64(length))
        guard bytes == header.bytes else {
            throw StoreError(
                .corrupt, "the backup is not whole: \(bytes) bytes of \(header.bytes) are there", detail: path,
                hint: "take another backup; this one was left as it is")
        }
        guard digest == header.sha256 else {
            throw StoreError(
                .corrupt, "the backup was changed since it was taken, or its disk damaged it", detail: path,
                hint: "take another backup; this one was left as it is")
        }
        return (header, length)
    }

    private static func measure(_ file: FileDescriptor, from offset: Int64) throws -> (bytes: Int64, digest: String) {
        var hash = SHA256()
        let bytes = try each(file, from: offset) { hash.update(bufferPointer: $0) }
        let digits = Array("0123456789abcdef")
        let text = hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return (bytes, String(text))
    }

    private static func copy(_ file: FileDescriptor, from offset: Int64, to target: FileDescriptor) throws {
        _ = try each(file, from: offset) { _ = try target.writeAll($0) }
    }

    /// - Returns: how many bytes there were.
    private static func each(
        _ file: FileDescriptor, from offset: Int64, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> Int64 {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: piece, alignment: 16)
        defer { buffer.deallocate() }
        var position = offset
        while case let count = try file.read(fromAbsoluteOffset: position, into: buffer), count > 0 {
            try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            position += Int64(count)
        }
        return position - offset
    }

    /// Whole and on the disk under its name, or not there.
    private static func place(_ path: String, _ body: (FileDescriptor) throws -> Void) throws {
        let temporary = path + ".new"
        let file = try FileDescriptor.open(
            FilePath(temporary), .writeOnly, options: [.create, .truncate, .closeOnExec, .noFollow],
            permissions: .ownerReadWrite)
        do {
            try file.closeAfter {
                try body(file)
                try StoreFile.sync(file.rawValue, temporary)
            }
            try StoreFile.rename(temporary, path)
            try StoreFile.syncDirectory(of: path)
        } catch {
            StoreFile.remove(temporary)
            throw error
        }
    }

    private static func guarding<Result>(_ path: String, _ body: () throws -> Result) throws(StoreError) -> Result {
        do { return try body() } catch let error as StoreError { throw error } catch {
            throw StoreFile.failure(path, (error as? Errno)?.rawValue ?? 0, "it can't be read or written")
        }
    }
}
