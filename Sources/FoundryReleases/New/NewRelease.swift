import FoundryModel
import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Writes a release to begin with: a small service that works, or the frame of one from an image of the author's.
public struct NewRelease: Sendable {
    public var name: AppName
    /// `redis:7`, or an image of a registry by its digest; nil with packages.
    public var image: String?
    /// Of Debian; empty: an image is named.
    public var packages: [String]
    public var port: Int
    /// nil: a service without a disk.
    public var data: String?

    public static let usualImage = "redis:7"
    public static let usualPort = 6379
    public static let usualData = "/data"

    /// - Throws: `release_invalid`, when an image and packages are named, or a package's name is none.
    public init(name: AppName, image: String?, packages: [String], port: Int?, data: String?) throws(FoundryError) {
        guard image == nil || packages.isEmpty else {
            throw FoundryError(
                .releaseInvalid, "An image is named, and packages to build one from.",
                hint: "leave --image or --packages out")
        }
        if let wrong = packages.first(where: { !Self.isPackage($0) }) {
            throw FoundryError(
                .releaseInvalid, "'\(wrong.prefix(80))' is not the name of a Debian package.",
                hint: "--packages memcached,libmemcached-tools")
        }
        self.name = name
        self.image = packages.isEmpty ? image ?? Self.usualImage : nil
        self.packages = packages
        self.port = port ?? Self.usualPort
        self.data = data ?? (self.image == Self.usualImage ? Self.usualData : nil)
    }

    /// It is a service of the bundled Redis, whole; else a frame.
    public var isWhole: Bool { image == Self.usualImage && data != nil }

    /// - Parameter directory: there is none yet.
    /// - Returns: the paths that were written, sorted.
    /// - Throws: `conflict`; `release_invalid` when what was asked for makes no release; `internal_error`.
    @discardableResult
    public func write(to directory: String) throws(FoundryError) -> [String] {
        guard !FileManager.default.fileExists(atPath: directory) else {
            throw FoundryError(.conflict, "\(directory) is there already.", hint: "foundry release new OTHER-NAME")
        }
        let files = files
        let sketch = ReleaseFiles(
            files: files.mapValues {
                .init(bytes: Array($0.text.utf8), size: Int64($0.text.utf8.count), isExecutable: $0.isProgram)
            },
            directory: directory)
        _ = try ReleaseReader.read(sketch).checked()
        do {
            for (path, file) in files {
                let target = FilePath("\(directory)/\(path)")
                try FileManager.default.createDirectory(
                    atPath: target.removingLastComponent().string, withIntermediateDirectories: true)
                let descriptor = try FileDescriptor.open(
                    target, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
                    permissions: FilePermissions(rawValue: file.isProgram ? 0o755 : 0o644))
                try descriptor.closeAfter { _ = try descriptor.writeAll(file.text.utf8) }
            }
        } catch {
            throw FoundryError(.internalError, "The release cannot be written.", detail: "\(directory): \(error)")
        }
        return files.keys.sorted()
    }

    struct File {
        var text: String
        var isProgram = false
    }

    var files: [String: File] { isWhole ? store : frame }

    private static func isPackage(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 100 else { return false }
        let isPlain = { (byte: UInt8) in (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) }
        return isPlain(first) && text.utf8.allSatisfy { isPlain($0) || [0x2b, 0x2d, 0x2e].contains($0) }
    }
}
