/// An image that a reference was resolved to: everything that a cell needs to run it, by digest.
public struct ResolvedImage: Hashable, Sendable, Codable {
    /// As the user wrote it.
    public var reference: ImageReference
    /// The local name (`redis:7`) or the full reference by which it is fetched.
    public var name: String
    public var source: ImageSource
    /// Of the manifest: `sha256:...`.
    public var manifestDigest: String
    /// Lowest first.
    public var layers: [ImageLayer]
    public var configuration: ImageConfiguration

    public init(
        reference: ImageReference, name: String, source: ImageSource, manifestDigest: String, layers: [ImageLayer],
        configuration: ImageConfiguration
    ) {
        self.reference = reference
        self.name = name
        self.source = source
        self.manifestDigest = manifestDigest
        self.layers = layers
        self.configuration = configuration
    }
}

public enum ImageSource: String, Hashable, Sendable, Codable {
    /// Lies in the bundled images' OCI layout.
    case bundled
    /// Was, or will be, copied from its registry into the data directory's OCI layout.
    case registry
}

/// One layer as it lies in an OCI layout.
public struct ImageLayer: Hashable, Sendable, Codable {
    /// Of the blob: `sha256:...`.
    public var digest: String
    public var mediaType: String
    public var size: ByteCount
    /// Of the uncompressed tar; names the directory that it is unpacked to.
    public var diffID: String

    public init(digest: String, mediaType: String, size: ByteCount, diffID: String) {
        self.digest = digest
        self.mediaType = mediaType
        self.size = size
        self.diffID = diffID
    }
}

/// What an image says about how it wants to run.
///
/// - Source: OCI image specification, `config`.
public struct ImageConfiguration: Hashable, Sendable, Codable {
    public var entrypoint: [String]
    public var command: [String]
    /// `NAME=value`
    public var environment: [String]
    /// `user`, `uid`, `user:group` or `uid:gid`; empty means root.
    public var user: String
    public var workingDirectory: String
    /// Sorted absolute paths.
    public var volumes: [String]
    /// TCP ports, sorted.
    public var ports: [Int]
    /// `SIGTERM` when the image does not say.
    public var stopSignal: String
    /// nil: the image says nothing of it.
    public var health: ImageHealthCheck?

    public init(
        entrypoint: [String] = [], command: [String] = [], environment: [String] = [], user: String = "",
        workingDirectory: String = "/",
        volumes: [String] = [], ports: [Int] = [], stopSignal: String = "SIGTERM",
        health: ImageHealthCheck? = nil
    ) {
        self.entrypoint = entrypoint
        self.command = command
        self.environment = environment
        self.user = user
        self.workingDirectory = workingDirectory
        self.volumes = volumes
        self.ports = ports
        self.stopSignal = stopSignal
        self.health = health
    }
}

/// The `HEALTHCHECK` of an image.
///
/// - Source: Docker's image specification, `config.Healthcheck`; times in milliseconds here.
public struct ImageHealthCheck: Hashable, Sendable, Codable {
    /// Exit 0 is healthy; empty: it wants no check (`NONE`).
    public var command: [String]
    public var intervalMilliseconds: Int64?
    public var timeoutMilliseconds: Int64?
    public var startPeriodMilliseconds: Int64?
    public var retries: Int?

    public init(
        command: [String], intervalMilliseconds: Int64? = nil, timeoutMilliseconds: Int64? = nil,
        startPeriodMilliseconds: Int64? = nil, retries: Int? = nil
    ) {
        self.command = command
        self.intervalMilliseconds = intervalMilliseconds
        self.timeoutMilliseconds = timeoutMilliseconds
        self.startPeriodMilliseconds = startPeriodMilliseconds
        self.retries = retries
    }
}
