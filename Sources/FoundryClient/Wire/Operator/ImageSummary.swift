/// An image that lies on this machine: one of `GET /foundry/v1/images`.
public struct ImageSummary: Hashable, Sendable, Codable {
    /// `redis:7`, or a full reference.
    public var name: String
    /// `bundled` or `registry`
    public var source: String
    public var digest: String
    /// Of its layers as they lie here, in bytes.
    public var size: Int64
    public var ports: [Int]
    /// Paths that keep data.
    public var volumes: [String]

    public init(name: String, source: String, digest: String, size: Int64, ports: [Int], volumes: [String]) {
        self.name = name
        self.source = source
        self.digest = digest
        self.size = size
        self.ports = ports
        self.volumes = volumes
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

    public init(alias: String, name: String, isPresent: Bool) {
        self.alias = alias
        self.name = name
        self.isPresent = isPresent
    }
}
