import SystemPackage

/// Reads a backup's file piece by piece, as it is.
public struct StoreBackupReader: ~Copyable {
    private static let piece = 256 << 10

    private let file: FileDescriptor

    /// - Throws: ``StoreError/Code/unavailable``.
    public init(_ path: String) throws(StoreError) {
        do { file = try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec]) } catch {
            throw StoreFile.failure(path, (error as? Errno)?.rawValue ?? 0, "it can't be read")
        }
    }

    /// - Returns: nil at the end.
    public mutating func next() throws(StoreError) -> [UInt8]? {
        do {
            let file = file
            let bytes = try [UInt8](unsafeUninitializedCapacity: Self.piece) { buffer, count in
                count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
            return bytes.isEmpty ? nil : bytes
        } catch {
            throw StoreFile.failure("a backup", (error as? Errno)?.rawValue ?? 0, "it can't be read")
        }
    }

    deinit { try? file.close() }
}
