/// An event, as Cloud Foundry shows it.
public struct AuditEventAnswer: Hashable, Sendable, Codable {
    public var guid: String
    public var createdAt: String
    public var updatedAt: String
    /// `app.pushed`
    public var type: String
    public var actor: Party
    public var target: Party
    public var data: EventData
    public var space: Relationship.Guid
    public var organization: Relationship.Guid
    public var links: [String: Link]

    public struct Party: Hashable, Sendable, Codable {
        public var guid: String
        public var type: String
        public var name: String

        public init(guid: String, type: String, name: String) {
            self.guid = guid
            self.type = type
            self.name = name
        }
    }

    public struct EventData: Hashable, Sendable, Codable {
        public var message: String

        public init(message: String) { self.message = message }
    }

    public init(
        guid: String, createdAt: String, type: String, actor: Party, target: Party, message: String, space: String,
        organization: String,
        links: [String: Link]
    ) {
        self.guid = guid
        self.createdAt = createdAt
        updatedAt = createdAt
        self.type = type
        self.actor = actor
        self.target = target
        data = EventData(message: message)
        self.space = Relationship.Guid(guid: space)
        self.organization = Relationship.Guid(guid: organization)
        self.links = links
    }
}
