import CFoundryLinux
import FoundryModel
import Glibc

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension ImageLayout {
    /// Removes every blob that is not to be kept. The caller holds the lock.
    ///
    /// - Parameter digests: of what is to be kept.
    /// - Returns: the sizes of what went.
    public func collect(keeping digests: Set<String>) throws(FoundryError) -> ByteCount {
        let kept = Set(digests.map(LayerDirectories.name))
        return try perform("collected") {
            var freed: Int64 = 0
            for name in try FileManager.default.contentsOfDirectory(atPath: blobs) where !kept.contains(name) {
                let size = Self.size(of: "\(blobs)/\(name)")
                try FileManager.default.removeItem(atPath: "\(blobs)/\(name)")
                freed += size.bytes
            }
            return ByteCount(bytes: freed)
        }
    }

    /// What may be written before the file system is too full for what else lies there; at least nothing.
    ///
    /// - Parameter path: a directory that is there, or will be.
    /// - Returns: nil when the system does not say.
    public static func room(at path: String) -> ByteCount? {
        var system = foundry_file_system()
        var place = path
        while foundry_read_file_system(place, &system) != 0 {
            guard errno == ENOENT, let slash = place.lastIndex(of: "/"), slash != place.startIndex else { return nil }
            place = String(place[..<slash])
        }
        return ByteCount(bytes: max(0, system.available - reserve.bytes))
    }

    /// Images never take the last of it: the store and the logs may lie on the same file system.
    public static let reserve = ByteCount.megabytes(256)

    private static func size(of file: String) -> ByteCount {
        var status = stat()
        return ByteCount(bytes: lstat(file, &status) == 0 ? Int64(status.st_size) : 0)
    }
}
