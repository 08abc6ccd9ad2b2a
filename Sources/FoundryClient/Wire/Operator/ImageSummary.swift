/// An image that lies on this machine: one of `GET /foundry/v1/images`.
public struct ImageSummary: Hashable, Sendable, Codable {
    /// `redis:7`, or a full reference.
    public var name: String
    /// `bundled`, `registry` or `import`
    public var source: String
    /// `MariaDB`, and its full version, where the image says so.
    public var engine: String?
    public var version: String?
    public var digest: String
    /// Of its layers as they lie here, in bytes.
    public var size: Int64
    public var ports: [Int]
    /// Paths that keep data.
    public var volumes: [String]
    /// Names of the apps that run from it.
    public var apps: [String]

    public init(
        name: String, source: String, engine: String? = nil, version: String? = nil, digest: String, size: Int64,
        ports: [Int], volumes: [String], apps: [String] = []
    ) {
        self.name = name
        self.source = source
        self.engine = engine
        self.version = version
        self.digest = digest
        self.size = size
        self.ports = ports
        self.volumes = volumes
        self.apps = apps
    }
}

/// One line of the alias table: one of `GET /foundry/v1/aliases`.
public struct AliasSummary: Hashable, Sendable, Codable {
    /// What a user writes: `redis/redis`
    public var alias: String
    /// What it means: `redis:7`
    public var name: String
    /// The image lies here.
    public var isPresent: Bool
    /// `Redis`, and its full version, where the image says so.
    public var engine: String?
    public var version: String?

    public init(alias: String, name: String, isPresent: Bool, engine: String? = nil, version: String? = nil) {
        self.alias = alias
        self.name = name
        self.isPresent = isPresent
        self.engine = engine
        self.version = version
    }
}
