import Glibc
import SystemPackage

/// Small files of `/proc`, `/sys` and `/run`, whose size is not known before they are read.
///
/// They are read to their end: Foundation takes what the first page of such a file holds for all of it.
public enum ProcFile {
    /// Far above what the kernel has to say of anything: a table of mounts that is cut off is worse than a long one.
    private static let largest = 16 << 20

    /// - Parameter fromEnd: of a larger file, its last 64 KiB.
    /// - Returns: nil when it cannot be read; cut off at 16 MiB.
    public static func read(_ path: String, fromEnd: Bool = false) -> String? {
        guard let file = try? FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec) else { return nil }
        defer { try? file.close() }
        if fromEnd, let size = try? file.seek(offset: 0, from: .end) {
            _ = try? file.seek(offset: max(0, size - 65_536), from: .start)
        }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while text.count < largest {
            guard let count = try? buffer.withUnsafeMutableBytes({ try file.read(into: $0) }) else { return nil }
            guard count > 0 else { break }
            text += buffer.prefix(count)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Its first line, without spaces around it; nil when there is none.
    public static func line(_ path: String) -> String? {
        guard let first = read(path)?.split(separator: "\n").first else { return nil }
        let words = first.split(whereSeparator: \.isWhitespace)
        return words.isEmpty ? nil : words.joined(separator: " ")
    }

    /// What a symbolic link says, without asking whether that exists.
    public static func link(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink(path, &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
    }
}
