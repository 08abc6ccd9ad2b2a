import CFoundryLinux
import FoundryEffects
import FoundryModel
import Glibc
import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The plain work on files that the drivers share.
enum HostFiles {
    /// With its parents; nothing happens when it is there.
    static func makeDirectory(_ path: String, mode: Int = 0o700) throws(FoundryError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: mode])
        } catch {
            throw FoundryError(
                .internalError, "A directory cannot be made.", detail: "\(path): \(error)",
                hint: "`foundry doctor` says whether its disk is full, or read-only")
        }
    }

    /// Sorted; empty when there is no such directory.
    static func names(in path: String) throws(FoundryError) -> [String] {
        guard exists(path) else { return [] }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        } catch {
            throw FoundryError(.internalError, "A directory cannot be read.", detail: "\(path): \(error)")
        }
    }

    /// Links are not followed.
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// nil when it is not a plain file.
    static func size(of path: String) -> ByteCount? {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return ByteCount(bytes: Int64(status.st_size))
    }

    /// Nothing happens when it is gone.
    static func removeFile(_ path: String) throws(FoundryError) {
        guard let problem = SystemCall.problem(foundry_unlink(path)), problem != .noSuchFileOrDirectory else { return }
        throw SystemCall.error(problem, "remove \(path)")
    }

    /// Removes a directory when it is empty: a mount point that has served.
    static func removeEmptyDirectory(_ path: String) { _ = rmdir(path) }

    static func removeTree(_ path: String) throws(FoundryError) {
        guard exists(path) else { return }
        do { try FileManager.default.removeItem(atPath: path) } catch {
            throw FoundryError(.internalError, "A directory cannot be removed.", detail: "\(path): \(error)")
        }
    }

    /// With every link resolved, as the kernel's own tables name it; the path itself when it does not exist.
    static func realPath(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
