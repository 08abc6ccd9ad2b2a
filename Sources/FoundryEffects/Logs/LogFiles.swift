import Glibc
import SystemPackage

/// The files of one member's log: the one being written, and the older ones.
public struct LogFiles: Hashable, Sendable {
    /// Kept beside the one being written.
    public static let olderFiles = 2

    /// Being written. For a moment during a rotation it does not exist.
    public let current: String

    /// - Parameter path: `Paths.memberLog`.
    public init(_ path: String) { current = path }

    /// 0 is the one being written, 1 the one before it.
    public func file(_ age: Int) -> String { age == 0 ? current : "\(current).\(age)" }

    /// Newest first.
    public var all: [String] { (0...Self.olderFiles).map(file) }

    /// An open file, and which one it is, whatever its name becomes.
    struct Opened {
        let descriptor: FileDescriptor
        let number: UInt64
        let size: Int64
    }

    /// nil when it does not exist.
    static func open(_ path: String) throws -> Opened? {
        do {
            let descriptor = try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec, .noFollow])
            var status = stat()
            fstat(descriptor.rawValue, &status)
            return Opened(descriptor: descriptor, number: UInt64(status.st_ino), size: Int64(status.st_size))
        } catch Errno.noSuchFileOrDirectory {
            return nil
        }
    }

    /// Which file has this path now; nil when there is none.
    static func number(_ path: String) -> UInt64? {
        var status = stat()
        return lstat(path, &status) == 0 ? UInt64(status.st_ino) : nil
    }
}
