/// An organization. There is one, `default`.
public struct OrganizationAnswer: Hashable, Sendable, Codable {
    public var guid: String
    public var name: String
    public var suspended: Bool
    public var createdAt: String
    public var updatedAt: String
    public var metadata: Metadata
    public var relationships: [String: Relationship]
    public var links: [String: Link]

    public init(guid: String, name: String, createdAt: String, links: [String: Link]) {
        self.guid = guid
        self.name = name
        suspended = false
        self.createdAt = createdAt
        updatedAt = createdAt
        metadata = Metadata()
        relationships = ["quota": Relationship(guid: nil)]
        self.links = links
    }
}

/// A space. There is one, `default`, in the organization `default`.
public struct SpaceAnswer: Hashable, Sendable, Codable {
    public var guid: String
    public var name: String
    public var createdAt: String
    public var updatedAt: String
    public var metadata: Metadata
    /// `organization`, `quota`
    public var relationships: [String: Relationship]
    public var links: [String: Link]

    public init(guid: String, name: String, organization: String, createdAt: String, links: [String: Link]) {
        self.guid = guid
        self.name = name
        self.createdAt = createdAt
        updatedAt = createdAt
        metadata = Metadata()
        relationships = ["organization": Relationship(guid: organization), "quota": Relationship(guid: nil)]
        self.links = links
    }
}
