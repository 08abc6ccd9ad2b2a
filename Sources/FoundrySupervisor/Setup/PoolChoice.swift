import CFoundryLinux
import FoundryEffects
import FoundryModel
import Glibc

/// How large a pool is made when nobody says, and whether what was said can become one.
enum PoolChoice {
    /// Stays free on the disk of the data directory, for everything else.
    static let reserve = ByteCount.gigabytes(1)
    private static let usualLimit = ByteCount.gigabytes(64)

    /// Half of what is free, in whole gigabytes, at most 64.
    static func usualSize(available: ByteCount) -> ByteCount {
        let half = ByteCount.gigabytes((available.bytes / 2) >> 30)
        return max(.gigabytes(1), min(half, usualLimit))
    }

    /// Of the file system that a path lies on, or will lie on.
    static func available(_ path: String) -> ByteCount? {
        var answer = foundry_file_system()
        return foundry_read_file_system(existing(path), &answer) == 0 ? ByteCount(bytes: answer.available) : nil
    }

    /// The path, or the nearest directory above it that exists.
    static func existing(_ path: String) -> String {
        var path = path
        while access(path, F_OK) != 0, path != "/", let slash = path.lastIndex(of: "/") {
            path = slash == path.startIndex ? "/" : String(path[..<slash])
        }
        return path
    }

    /// - Parameter isNew: nothing can be ours there yet.
    /// - Returns: what is wrong and what helps; nil when it can become the pool.
    static func problem(_ pool: PoolConfiguration, paths: Paths, isNew: Bool) async -> (what: String, remedy: String)? {
        switch pool {
        case .file(let size): fileProblem(size, paths)
        case .directory(let path): directoryProblem(path)
        case .device(let path): await deviceProblem(path, isNew: isNew)
        }
    }

    private static func fileProblem(_ size: ByteCount, _ paths: Paths) -> (String, String)? {
        guard access(paths.poolFile, F_OK) != 0, let available = available(paths.data), available < size + reserve
        else { return nil }
        return (
            "\(paths.data) has \(available) free; a pool of \(size) needs \(size + reserve)",
            "make room, or choose a smaller pool by --pool-size, or another disk by --data, --pool-device or --pool-directory"
        )
    }

    private static func directoryProblem(_ path: String) -> (String, String)? {
        var answer = foundry_file_system()
        guard foundry_read_file_system(path, &answer) == 0 else {
            return ("\(path) does not exist", "mkdir \(path), on a btrfs")
        }
        return answer.type == PoolUsage.btrfs
            ? nil : ("\(path) does not lie on a btrfs", "choose a directory on a btrfs")
    }

    /// A device that holds something is never formatted.
    private static func deviceProblem(_ path: String, isNew: Bool) async -> (String, String)? {
        var information = stat()
        guard stat(path, &information) == 0, information.st_mode & S_IFMT == S_IFBLK else {
            return ("\(path) is no block device", "lsblk lists them")
        }
        let mounts = (try? MountTable.read())?.entries ?? []
        if let mount = mounts.first(where: { $0.source == path }) {
            return ("\(path) is mounted at \(mount.target)", "umount \(mount.target)")
        }
        let found = try? await Command().run("wipefs", ["--no-act", "--noheadings", "--output", "TYPE", path])
        let types = Set((found ?? "unknown").split(whereSeparator: \.isWhitespace))
        return types.isEmpty || (!isNew && types == ["btrfs"])
            ? nil
            : (
                "\(path) holds data (\(types.sorted().joined(separator: ", ")))",
                "wipefs --all \(path), if nobody needs it"
            )
    }
}
