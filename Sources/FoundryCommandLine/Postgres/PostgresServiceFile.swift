import FoundryEffects
import FoundryModel
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The user's connection service file, which holds passwords and is therefore theirs alone to read.
public struct PostgresServiceFile: Sendable {
    public let path: String

    public init(path: String) { self.path = path }

    /// `$PGSERVICEFILE`, or `.pg_service.conf` in the home directory, as libpq looks for it.
    ///
    /// - Throws: `configuration_invalid` when neither is set.
    public static func ofUser(_ variable: (String) -> String? = Terminal.variable) throws(FoundryError) -> Self {
        if let path = variable("PGSERVICEFILE"), !path.isEmpty { return Self(path: path) }
        if let home = variable("HOME"), !home.isEmpty { return Self(path: "\(home)/.pg_service.conf") }
        throw FoundryError(
            .configurationInvalid, "There is no home directory to write a service file to.",
            hint: "set HOME or PGSERVICEFILE")
    }

    /// Puts an entry into the file: whole or not at all, mode 0600, its owner kept, every other entry kept.
    ///
    /// Two of us at once wait for each other. A link is followed.
    /// - Throws: `configuration_invalid` when the file cannot be read or written.
    public func write(_ service: PostgresService) throws(FoundryError) {
        let target = Self.resolvingLinks(path)
        do {
            let directory = FilePath(target).removingLastComponent()
            let lock = try FileDescriptor.open(
                directory.isEmpty ? "." : directory, .readOnly, options: [.directory, .closeOnExec])
            try lock.closeAfter {
                guard flock(lock.rawValue, LOCK_EX) == 0 else { throw Errno(rawValue: errno) }
                let owner = Self.owner(of: target)
                let text = try Self.text(of: target)
                try DurableFile.write(Array(try service.merged(into: text).utf8), to: target)
                if let owner, owner.user != geteuid() || owner.group != getegid(),
                    chown(target, owner.user, owner.group) != 0
                {
                    throw Errno(rawValue: errno)
                }
            }
        } catch let error as FoundryError {
            throw error
        } catch {
            throw FoundryError(.configurationInvalid, "\(path) cannot be written.", detail: "\(error)")
        }
    }

    private static let largestFile = 1 << 20

    /// Decoding with repair would change other entries, so a file that is not UTF-8 is left alone.
    private static func text(of path: String) throws(FoundryError) -> String {
        guard access(path, F_OK) == 0 else { return "" }
        return try InputFile.text(of: path, limit: largestFile)
    }

    private static func resolvingLinks(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func owner(of path: String) -> (user: uid_t, group: gid_t)? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return (status.st_uid, status.st_gid)
    }
}
