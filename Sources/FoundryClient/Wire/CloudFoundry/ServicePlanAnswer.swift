/// A size of an offering.
public struct ServicePlanAnswer: Hashable, Sendable, Codable {
    public var guid: String
    public var name: String
    public var description: String
    public var visibilityType: String
    public var available: Bool
    public var free: Bool
    /// Always empty.
    public var costs: [WireValue]
    public var maintenanceInfo: MaintenanceInfo
    public var brokerCatalog: BrokerCatalog
    public var schemas: Schemas
    public var createdAt: String
    public var updatedAt: String
    public var metadata: Metadata
    /// `service_offering`
    public var relationships: [String: Relationship]
    public var links: [String: Link]
    public var foundry: ReleasePlanSummary

    public struct BrokerCatalog: Hashable, Sendable, Codable {
        public var id: String
        public var metadata: WireValue
        /// Seconds.
        public var maximumPollingDuration: Int?
        public var features: Features

        public init(
            id: String, metadata: WireValue = .object([:]), maximumPollingDuration: Int? = nil,
            features: Features = Features()
        ) {
            self.id = id
            self.metadata = metadata
            self.maximumPollingDuration = maximumPollingDuration
            self.features = features
        }
    }

    public struct Features: Hashable, Sendable, Codable {
        public var planUpdateable = true
        public var bindable = true

        public init() {}
    }

    /// JSON schemas of the parameters.
    public struct Schemas: Hashable, Sendable, Codable {
        public var serviceInstance: Instance
        public var serviceBinding: Binding

        public init(create: WireValue, update: WireValue, bind: WireValue) {
            serviceInstance = Instance(create: Parameters(parameters: create), update: Parameters(parameters: update))
            serviceBinding = Binding(create: Parameters(parameters: bind))
        }

        public struct Instance: Hashable, Sendable, Codable {
            public var create: Parameters
            public var update: Parameters
        }

        public struct Binding: Hashable, Sendable, Codable {
            public var create: Parameters
        }

        public struct Parameters: Hashable, Sendable, Codable {
            public var parameters: WireValue
        }
    }

    public init(
        guid: String, name: String, description: String, maintenanceInfo: MaintenanceInfo, brokerCatalog: BrokerCatalog,
        schemas: Schemas, createdAt: String, updatedAt: String, offering: String, links: [String: Link],
        foundry: ReleasePlanSummary
    ) {
        self.guid = guid
        self.name = name
        self.description = description
        visibilityType = "public"
        available = true
        free = true
        costs = []
        self.maintenanceInfo = maintenanceInfo
        self.brokerCatalog = brokerCatalog
        self.schemas = schemas
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        metadata = Metadata()
        relationships = ["service_offering": Relationship(guid: offering)]
        self.links = links
        self.foundry = foundry
    }
}

/// `GET /v3/service_plans/:guid/visibility`: everybody sees every plan.
public struct ServicePlanVisibilityAnswer: Hashable, Sendable, Codable {
    public var type = "public"

    public init() {}
}
