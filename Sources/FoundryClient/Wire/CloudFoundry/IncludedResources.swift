/// What the resources of a list refer to; nil: that was not asked for.
public struct IncludedResources: Hashable, Sendable, Codable {
    public var apps: [IncludedResource]?
    public var organizations: [IncludedResource]?
    public var serviceBrokers: [IncludedResource]?
    public var serviceInstances: [IncludedResource]?
    public var serviceOfferings: [IncludedResource]?
    public var servicePlans: [IncludedResource]?
    public var spaces: [IncludedResource]?

    public init(
        apps: [IncludedResource]? = nil, organizations: [IncludedResource]? = nil,
        serviceBrokers: [IncludedResource]? = nil, serviceInstances: [IncludedResource]? = nil,
        serviceOfferings: [IncludedResource]? = nil, servicePlans: [IncludedResource]? = nil,
        spaces: [IncludedResource]? = nil
    ) {
        self.apps = apps
        self.organizations = organizations
        self.serviceBrokers = serviceBrokers
        self.serviceInstances = serviceInstances
        self.serviceOfferings = serviceOfferings
        self.servicePlans = servicePlans
        self.spaces = spaces
    }
}

/// The fields of a resource that were asked for.
public struct IncludedResource: Hashable, Sendable, Codable {
    public var guid: String?
    public var name: String?
    public var description: String?
    public var tags: [String]?
    public var documentationUrl: String?
    public var relationships: [String: Relationship]?

    public init(
        guid: String? = nil, name: String? = nil, description: String? = nil, tags: [String]? = nil,
        documentationUrl: String? = nil, relationships: [String: Relationship]? = nil
    ) {
        self.guid = guid
        self.name = name
        self.description = description
        self.tags = tags
        self.documentationUrl = documentationUrl
        self.relationships = relationships
    }
}
