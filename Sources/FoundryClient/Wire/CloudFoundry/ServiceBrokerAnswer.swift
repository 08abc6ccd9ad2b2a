/// Who offers services: there is one, `foundry`.
public struct ServiceBrokerAnswer: Hashable, Sendable, Codable {
    public var guid: String
    public var name: String
    public var url: String
    public var createdAt: String
    public var updatedAt: String
    public var metadata: Metadata
    public var relationships: [String: Relationship]
    public var links: [String: Link]

    public init(guid: String, name: String, url: String, createdAt: String, links: [String: Link]) {
        self.guid = guid
        self.name = name
        self.url = url
        self.createdAt = createdAt
        updatedAt = createdAt
        metadata = Metadata()
        relationships = [:]
        self.links = links
    }
}

/// `GET /v3/feature_flags/:name`
public struct FeatureFlagAnswer: Hashable, Sendable, Codable {
    public var name: String
    public var enabled: Bool
    public var links: [String: Link]

    public init(name: String, enabled: Bool, links: [String: Link]) {
        self.name = name
        self.enabled = enabled
        self.links = links
    }
}
