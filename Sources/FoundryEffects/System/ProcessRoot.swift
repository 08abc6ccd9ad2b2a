import CFoundryLinux
import SystemPackage

/// What a process has for its root directory: a container's file tree, seen from outside.
public enum ProcessRoot {
    /// Reads a file of it that somebody else may have written to mislead us: no symbolic link is followed, nothing outside of
    /// that root is reached, and only a plain file is read.
    ///
    /// - Parameter path: as the process itself would name it.
    /// - Parameter largest: in bytes; what a longer file holds beyond is not read.
    /// - Parameter isExpected: asked once the root is open, when its process can no longer be mistaken for a later one of that number.
    public static func text(
        of path: String, in pid: Int32, largest: Int, while isExpected: () -> Bool
    ) throws -> String {
        let root = FileDescriptor(rawValue: foundry_open_place("/proc/\(pid)/root"))
        guard root.rawValue >= 0 else { throw Errno(rawValue: foundry_errno()) }
        return try root.closeAfter {
            guard isExpected() else { throw Errno.noSuchProcess }
            let file = FileDescriptor(rawValue: foundry_open_inside(root.rawValue, path))
            guard file.rawValue >= 0 else { throw Errno(rawValue: foundry_errno()) }
            return try file.closeAfter { try contents(file, largest) }
        }
    }

    /// A pipe or device has nothing to say.
    private static func contents(_ file: FileDescriptor, _ largest: Int) throws -> String {
        guard foundry_is_file(file.rawValue) == 1 else { throw Errno.invalidArgument }
        let bytes = try [UInt8](unsafeUninitializedCapacity: largest) { buffer, filled in
            filled = try file.read(fromAbsoluteOffset: 0, into: UnsafeMutableRawBufferPointer(buffer))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
