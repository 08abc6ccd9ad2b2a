import FoundryModel
import SystemPackage

/// The files of a release, by their paths in its directory; small ones with what is in them.
public struct ReleaseFiles: Sendable {
    public struct File: Hashable, Sendable {
        /// nil: of an image archive, which stays where it is.
        public var bytes: [UInt8]?
        public var size: Int64
        public var isExecutable: Bool

        public init(bytes: [UInt8]?, size: Int64, isExecutable: Bool) {
            self.bytes = bytes
            self.size = size
            self.isExecutable = isExecutable
        }
    }

    public var files: [String: File]
    /// Where they lie.
    public let directory: String

    public init(files: [String: File], directory: String) {
        self.files = files
        self.directory = directory
    }

    /// Sorted.
    public var paths: [String] { files.keys.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) } }

    /// Below a directory, without its name: `verbs` -> `init`, `start`.
    public func below(_ directory: String) -> [String: File] {
        var found: [String: File] = [:]
        for (path, file) in files where path.hasPrefix(directory + "/") {
            found[String(path.dropFirst(directory.utf8.count + 1))] = file
        }
        return found
    }

    /// A part of a path: what an archive, a shell and a person read the same way.
    public static func isComponent(_ text: String) -> Bool {
        guard (1...100).contains(text.utf8.count), text != ".", text != "..", text.utf8.first != 0x2d else {
            return false
        }
        return text.utf8.allSatisfy {
            (0x61...0x7a).contains($0) || (0x41...0x5a).contains($0) || (0x30...0x39).contains($0)
                || [0x2e, 0x5f, 0x2d].contains($0)
        }
    }

    public static func isPath(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        return text.utf8.count <= ReleaseLimits.longestPath && parts.count <= ReleaseLimits.deepestPath
            && parts.allSatisfy { isComponent(String($0)) }
    }

    static func isVerb(_ name: String) -> Bool {
        guard let first = name.utf8.first, (0x61...0x7a).contains(first), name.utf8.count <= 63 else { return false }
        return name.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d }
    }
}

/// What a release may have at most.
public enum ReleaseLimits {
    public static let mostFiles = 300
    /// In verbs/ and templates/ together.
    public static let mostParts = 200
    public static let longestPath = 100
    public static let deepestPath = 8
    /// Of a file in verbs/, templates/, drill/, and of release.yml.
    public static let mostPartBytes: Int64 = 64 << 10
    /// Of another file.
    public static let mostOtherBytes: Int64 = 1 << 20
    public static let mostImageBytes: Int64 = 4 << 30
    /// Of all that is no image archive.
    public static let mostBytes: Int64 = 32 << 20

    public static func mostBytes(of path: String) -> Int64 {
        let isPart = path == "release.yml" || ["verbs/", "templates/", "drill/"].contains { path.hasPrefix($0) }
        return isPart ? mostPartBytes : isArchive(path) ? mostImageBytes : mostOtherBytes
    }

    /// An OCI archive lies beside release.yml, and ends in `.tar`.
    public static func isArchive(_ path: String) -> Bool { !path.contains("/") && path.hasSuffix(".tar") }
}
