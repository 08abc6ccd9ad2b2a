import Glibc

/// Whether files can be made where the data directory is.
enum FileChecks {
    /// Fewer free files than that, and soon something cannot be made: each app takes a few, each image many.
    private static let few: UInt64 = 2_000

    /// - Parameter directory: the data directory, or the nearest one above it that exists.
    static func findings(_ directory: String) -> [Finding] {
        var status = statvfs()
        guard statvfs(directory, &status) == 0 else {
            return [Finding("data directory", .degraded, found: String(cString: strerror(errno)))]
        }
        return [writable(directory, access(directory, W_OK) == 0)]
            + inodes(directory, UInt64(status.f_files), UInt64(status.f_favail))
    }

    private static func writable(_ directory: String, _ isWritable: Bool) -> Finding {
        .necessary(
            "data directory", isWritable,
            found: isWritable ? "takes files" : "\(directory): \(String(cString: strerror(errno)))",
            consequence: "nothing of ours can be started; members that run go on",
            remedy:
                "look at the disk (`dmesg`), then `mount -o remount,rw` where `findmnt --target \(directory)` says; what ended comes back by itself"
        )
    }

    /// - Parameter all: 0: a file system that counts none, as btrfs.
    private static func inodes(_ directory: String, _ all: UInt64, _ free: UInt64) -> [Finding] {
        guard all > 0 else { return [] }
        guard free < few else { return [Finding("files on its disk", .ok, found: "\(free) of \(all) can be made")] }
        return [
            Finding(
                "files on its disk", free == 0 ? .missing : .degraded, found: "\(free) of \(all) can be made",
                consequence:
                    "images, apps and our own processes cannot be started when none is left; members that run go on",
                remedy:
                    "`du --inodes -x \(directory) | sort -n | tail` shows who has them; what failed goes on when some are free",
                isNecessary: free == 0)
        ]
    }
}
