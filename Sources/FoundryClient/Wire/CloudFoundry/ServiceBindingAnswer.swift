import FoundryModel

/// What an app, or a person, reaches an instance with. Its credentials are asked for by themselves.
public struct ServiceBindingAnswer: Hashable, Sendable, Codable {
    public var guid: String
    /// `app` or `key`
    public var type: String
    public var name: String?
    public var lastOperation: LastOperation
    public var createdAt: String
    public var updatedAt: String
    public var metadata: Metadata
    /// `service_instance`, `app`
    public var relationships: [String: Relationship]
    public var links: [String: Link]
    public var foundry: ServiceBindingSummary

    public init(
        guid: String, type: String, name: String?, lastOperation: LastOperation, createdAt: String, updatedAt: String,
        metadata: Metadata = Metadata(), instance: String, app: String?, links: [String: Link],
        foundry: ServiceBindingSummary
    ) {
        self.guid = guid
        self.type = type
        self.name = name
        self.lastOperation = lastOperation
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.metadata = metadata
        relationships = ["service_instance": Relationship(guid: instance)]
        if let app { relationships["app"] = Relationship(guid: app) }
        self.links = links
        self.foundry = foundry
    }
}

/// What a `POST` for a binding takes.
public struct ServiceBindingBody: Hashable, Sendable, Codable {
    /// `app` or `key`
    public var type: String
    public var name: String?
    public var parameters: [String: ParameterValue]?
    /// `service_instance`, `app`
    public var relationships: [String: Relationship]

    public init(
        type: String, name: String? = nil, parameters: [String: ParameterValue]? = nil,
        relationships: [String: Relationship]
    ) {
        self.type = type
        self.name = name
        self.parameters = parameters
        self.relationships = relationships
    }
}

/// `GET /v3/service_credential_bindings/:guid/details`. Secret: never logged.
public struct ServiceBindingDetailsAnswer: Hashable, Sendable, Codable {
    public var credentials: [String: WireValue]
    public var syslogDrainUrl: String?
    /// Always empty.
    public var volumeMounts: [WireValue]

    public init(credentials: [String: WireValue]) {
        self.credentials = credentials
        volumeMounts = []
    }
}
