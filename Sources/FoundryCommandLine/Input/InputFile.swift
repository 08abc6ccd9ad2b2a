import FoundryModel
import SystemPackage

/// Reads files that a user names, each up to a limit.
public enum InputFile {
    /// - Parameter path: `-` means the standard input.
    /// - Throws: `bad_request` when it cannot be read; `body_too_large` past the limit.
    public static func bytes(of path: String, limit: Int) throws(FoundryError) -> [UInt8] {
        do {
            if path == "-" { return try read(.standardInput, path, limit) }
            let descriptor = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
            return try descriptor.closeAfter { try read(descriptor, path, limit) }
        } catch let error as FoundryError {
            throw error
        } catch {
            throw FoundryError(.badRequest, "\(path) cannot be read: \(error).")
        }
    }

    /// - Throws: also `bad_request` when it is not UTF-8.
    public static func text(of path: String, limit: Int) throws(FoundryError) -> String {
        guard let text = String(validating: try bytes(of: path, limit: limit), as: UTF8.self) else {
            throw FoundryError(.badRequest, "\(path) is not UTF-8 text.")
        }
        return text
    }

    private static func read(_ descriptor: FileDescriptor, _ path: String, _ limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 1)
        defer { chunk.deallocate() }
        while case let count = try descriptor.read(into: chunk), count > 0 {
            bytes += chunk[..<count]
            guard bytes.count <= limit else {
                throw FoundryError(.bodyTooLarge, "\(path) is larger than \(limit) bytes.")
            }
        }
        return bytes
    }
}
