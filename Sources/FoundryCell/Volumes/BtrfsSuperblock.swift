import FoundryModel
import SystemPackage

/// What the first superblock of a btrfs says.
///
/// - Source: btrfs on-disk format: superblock at 64 KiB, magic at byte 64 of it, label of 256 bytes at byte 299.
struct BtrfsSuperblock: Hashable {
    var label: String

    /// - Returns: nil when there is no btrfs.
    static func read(_ path: String) throws(FoundryError) -> BtrfsSuperblock? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count: Int
        do {
            let descriptor = try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec])
            count = try descriptor.closeAfter {
                try bytes.withUnsafeMutableBytes { try descriptor.read(fromAbsoluteOffset: 64 << 10, into: $0) }
            }
        } catch {
            throw FoundryError(.machineUnfit, "The pool cannot be read.", detail: "\(path): \(error)")
        }
        guard count == bytes.count, bytes[64..<72].elementsEqual("_BHRfS_M".utf8) else { return nil }
        return BtrfsSuperblock(label: String(decoding: bytes[299..<555].prefix { $0 != 0 }, as: UTF8.self))
    }
}
