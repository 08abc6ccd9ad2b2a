/// A kind of service that is offered: the current version of a release.
public struct ServiceOfferingAnswer: Hashable, Sendable, Codable {
    public var guid: String
    public var name: String
    public var description: String
    public var available: Bool
    public var tags: [String]
    public var requires: [String]
    public var shareable: Bool
    public var documentationUrl: String?
    public var brokerCatalog: BrokerCatalog
    public var createdAt: String
    public var updatedAt: String
    public var metadata: Metadata
    /// `service_broker`
    public var relationships: [String: Relationship]
    public var links: [String: Link]
    public var foundry: Details

    public struct BrokerCatalog: Hashable, Sendable, Codable {
        public var id: String
        public var metadata: WireValue
        public var features: Features

        public init(id: String, metadata: WireValue = .object([:]), features: Features = Features()) {
            self.id = id
            self.metadata = metadata
            self.features = features
        }
    }

    public struct Features: Hashable, Sendable, Codable {
        public var planUpdateable = true
        public var bindable = true
        public var instancesRetrievable = true
        public var bindingsRetrievable = true
        public var allowContextUpdates = false

        public init() {}
    }

    /// What we say beyond Cloud Foundry's offering.
    public struct Details: Hashable, Sendable, Codable {
        public var title: String
        /// Of the release.
        public var version: String
        /// Each binding has a user of its own.
        public var hasUsers: Bool
        public var hasTls: Bool
        public var parameters: [ParameterSummary]
        /// Of a binding.
        public var bindingParameters: [ParameterSummary]

        public init(
            title: String, version: String, hasUsers: Bool, hasTls: Bool, parameters: [ParameterSummary],
            bindingParameters: [ParameterSummary]
        ) {
            self.title = title
            self.version = version
            self.hasUsers = hasUsers
            self.hasTls = hasTls
            self.parameters = parameters
            self.bindingParameters = bindingParameters
        }
    }

    public init(
        guid: String, name: String, description: String, tags: [String], documentationUrl: String?,
        brokerCatalog: BrokerCatalog, createdAt: String, updatedAt: String, broker: String, links: [String: Link],
        foundry: Details
    ) {
        self.guid = guid
        self.name = name
        self.description = description
        available = true
        self.tags = tags
        requires = []
        shareable = false
        self.documentationUrl = documentationUrl
        self.brokerCatalog = brokerCatalog
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        metadata = Metadata()
        relationships = ["service_broker": Relationship(guid: broker)]
        self.links = links
        self.foundry = foundry
    }
}

/// The version of a release, as brokers tell it.
public struct MaintenanceInfo: Hashable, Sendable, Codable {
    public var version: String
    public var description: String?

    public init(version: String, description: String? = nil) {
        self.version = version
        self.description = description
    }
}
