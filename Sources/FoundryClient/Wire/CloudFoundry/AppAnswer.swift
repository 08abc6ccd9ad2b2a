/// An app, as Cloud Foundry shows it.
public struct AppAnswer: Hashable, Sendable, Codable {
    public var guid: String
    public var name: String
    /// `STARTED` or `STOPPED`: what its user wants, not what is.
    public var state: String
    public var lifecycle: Lifecycle
    public var createdAt: String
    public var updatedAt: String
    public var metadata: Metadata
    /// `space`
    public var relationships: [String: Relationship]
    public var links: [String: Link]

    public struct Lifecycle: Hashable, Sendable, Codable {
        public var type = "docker"
        public var data: [String: String] = [:]

        public init() {}
    }

    public init(
        guid: String, name: String, state: String, createdAt: String, updatedAt: String, space: String,
        links: [String: Link]
    ) {
        self.guid = guid
        self.name = name
        self.state = state
        lifecycle = Lifecycle()
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        metadata = Metadata()
        relationships = ["space": Relationship(guid: space)]
        self.links = links
    }
}
