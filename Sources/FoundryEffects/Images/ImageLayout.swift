import CFoundryLinux
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The images of a data directory: an OCI image layout whose index names each image by the name that it came under.
///
/// Blobs are named for their content, so that what several images share lies there once, and the index is replaced by a rename: an image
/// is there whole or not at all. Whoever changes either holds the lock.
/// - Source: OCI image layout specification.
public struct ImageLayout: Hashable, Sendable {
    /// One image of the index.
    public struct Entry: Hashable, Sendable, Codable {
        public var mediaType: String?
        /// Of the manifest as it lies here.
        public var digest: String
        public var size: Int64
        public var annotations: [String: String]?

        public init(mediaType: String?, digest: String, size: Int64, annotations: [String: String]?) {
            self.mediaType = mediaType
            self.digest = digest
            self.size = size
            self.annotations = annotations
        }

        /// `registry.example/team/name:tag`; nil for one that lost it to a newer image.
        public var name: String? { annotations?[ImageLayout.nameAnnotation] }
        public var origin: ImageOrigin? { annotations?[ImageLayout.originAnnotation].flatMap(ImageOrigin.init) }
    }

    public static let nameAnnotation = "org.opencontainers.image.ref.name"
    public static let originAnnotation = "foundry.image.origin"
    /// A `DockerHealthCheck`, as JSON.
    public static let healthAnnotation = "foundry.image.healthcheck"

    private struct Index: Codable {
        var schemaVersion = 2
        var manifests: [Entry] = []
    }

    public let path: String

    public init(_ path: String) { self.path = path }

    public func blob(_ digest: String) -> String { "\(blobs)/\(digest.drop { $0 != ":" }.dropFirst())" }
    var blobs: String { "\(path)/blobs/sha256" }
    /// An image on its way, of whoever holds the lock.
    var incoming: String { "\(path)/incoming" }

    /// - Throws: `timed_out`; `internal_error` when the directory cannot be made.
    public func lock(limit: Duration) async throws(FoundryError) -> ImageLock {
        try perform("made") {
            try FileManager.default.createDirectory(atPath: blobs, withIntermediateDirectories: true)
        }
        return try await ImageLock.take("\(path)/.lock", limit: limit)
    }

    /// - Throws: `record_unreadable` when the index is there and cannot be read. It is left as it is.
    public func entries() throws(FoundryError) -> [Entry] {
        guard let bytes = FileManager.default.contents(atPath: "\(path)/index.json") else { return [] }
        do { return try JSONDecoder().decode(Index.self, from: bytes).manifests } catch {
            throw FoundryError(
                .recordUnreadable, "The list of the images on this machine cannot be read; it is left as it is.",
                detail: "\(path)/index.json: \(error)", hint: "move the file away, and pull the images again")
        }
    }

    /// The caller holds the lock.
    public func write(_ entries: [Entry]) throws(FoundryError) {
        try perform("written") {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let version = #"{"imageLayoutVersion":"1.0.0"}"#
            try DurableFile.write(version.utf8, to: "\(path)/oci-layout")
            try DurableFile.write(try encoder.encode(Index(manifests: entries)), to: "\(path)/index.json")
        }
    }

    /// Under its name there is only one: an older image of that name goes.
    ///
    /// The caller holds the lock.
    public func add(_ entry: Entry) throws(FoundryError) {
        // Older versions of the platform named what they copied for its digest.
        let digits = String(entry.digest.dropFirst("sha256:".count))
        try write(try entries().filter { $0.name != entry.name && $0.name != digits } + [entry])
    }

    func perform<Result>(_ verb: String, _ work: () throws -> Result) throws(FoundryError) -> Result {
        do { return try work() } catch {
            let isFull = "\(error)".contains("No space left")
            throw FoundryError(
                isFull ? .diskFull : .internalError, "The images of this machine cannot be \(verb).",
                detail: "\(path): \(error)", hint: isFull ? "foundry image rm NAME" : "foundry doctor")
        }
    }
}

/// How an image of a registry came to lie here.
public enum ImageOrigin: String, Hashable, Sendable, Codable {
    /// A cell needed it.
    case push
    /// Somebody asked for it, so its name means this copy until somebody asks again.
    case pull
    case `import`

    /// Its name means what lies here, and no registry is asked.
    public var isKept: Bool { self != .push }
}
