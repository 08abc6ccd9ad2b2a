import CFoundryLinux
import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Files that are there whole or not at all, also after the machine lost power.
public enum DurableFile {
    /// Writes beside the target, syncs, renames over it, and syncs the directory.
    ///
    /// - Parameter outlivesBoot: false for what means nothing after the machine was restarted. It is not synced then, and still whole for as long as
    ///   the machine runs.
    public static func write(
        _ bytes: some Sequence<UInt8>, to path: String, mode: FilePermissions = .ownerReadWrite,
        outlivesBoot: Bool = true
    ) throws {
        let target = FilePath(path)
        let temporary = FilePath(path + ".new")
        let descriptor = try FileDescriptor.open(
            temporary, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: mode)
        try descriptor.closeAfter {
            if foundry_fchmod(descriptor.rawValue, mode.rawValue) != 0 { throw Errno(rawValue: foundry_errno()) }
            try descriptor.writeAll(bytes)
            if outlivesBoot { try sync(descriptor) }
        }
        if foundry_rename(temporary.string, target.string) != 0 { throw Errno(rawValue: foundry_errno()) }
        if outlivesBoot { try syncDirectory(target.removingLastComponent().string) }
    }

    /// Gives a file that is on the disk another name, durably; what has that name is replaced.
    public static func rename(_ path: String, to target: String) throws {
        if foundry_rename(path, target) != 0 { throw Errno(rawValue: foundry_errno()) }
        try syncDirectory(FilePath(target).removingLastComponent().string)
    }

    public static func sync(_ descriptor: FileDescriptor) throws {
        if foundry_fsync(descriptor.rawValue) != 0 { throw Errno(rawValue: foundry_errno()) }
    }

    public static func syncDirectory(_ path: String) throws {
        let descriptor = try FileDescriptor.open(
            FilePath(path.isEmpty ? "." : path), .readOnly, options: [.directory, .closeOnExec])
        try descriptor.closeAfter { try sync(descriptor) }
    }
}
