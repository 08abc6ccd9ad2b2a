import CFoundryLinux
import FoundryEffects
import FoundryModel

/// How full the pool is. It is mounted where only the cell sees it, so it is looked at through the cell's process.
public struct PoolUsage: Hashable, Sendable, Codable {
    public var sizeBytes: Int64
    public var usedBytes: Int64

    /// - Returns: nil when the cell does not run, or the pool is not mounted.
    public static func of(_ paths: Paths) -> Self? {
        guard let cell = PidFile.live(paths.pidFile("cell")) else { return nil }
        var answer = foundry_file_system()
        guard foundry_read_file_system("/proc/\(cell.identity.pid)/root\(paths.pool)", &answer) == 0,
            answer.type == btrfs
        else { return nil }
        return Self(sizeBytes: answer.size, usedBytes: answer.size - answer.available)
    }

    /// BTRFS_SUPER_MAGIC of linux/magic.h.
    static let btrfs: Int64 = 0x9123_683e
}
