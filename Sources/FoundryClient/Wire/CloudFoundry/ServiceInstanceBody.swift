import FoundryModel

/// What a `POST` for an instance takes, and a `PATCH` of one; nil: as it is.
public struct ServiceInstanceBody: Hashable, Sendable, Codable {
    /// `managed`; of a new one.
    public var type: String?
    public var name: String?
    /// Over those that were given before, each by itself.
    public var parameters: [String: ParameterValue]?
    public var tags: [String]?
    /// `service_plan`, `space`
    public var relationships: [String: Relationship]?
    /// To this version of its release.
    public var maintenanceInfo: MaintenanceInfo?
    public var metadata: Metadata?
    public var foundry: ServiceWishesBody?

    public init(
        type: String? = nil, name: String? = nil, parameters: [String: ParameterValue]? = nil, tags: [String]? = nil,
        relationships: [String: Relationship]? = nil, maintenanceInfo: MaintenanceInfo? = nil,
        metadata: Metadata? = nil, foundry: ServiceWishesBody? = nil
    ) {
        self.type = type
        self.name = name
        self.parameters = parameters
        self.tags = tags
        self.relationships = relationships
        self.maintenanceInfo = maintenanceInfo
        self.metadata = metadata
        self.foundry = foundry
    }
}

/// What a request says over its plan, in the words of `foundry push`; nil: as the plan has it, or as it is.
public struct ServiceWishesBody: Hashable, Sendable, Codable {
    public var restartPolicy: String?
    public var diskSync: String?
    public var ioPerformance: String?
    public var fence: String?
    public var whenLost: String?
    public var memory: String?
    public var disk: String?

    public init(
        restartPolicy: String? = nil, diskSync: String? = nil, ioPerformance: String? = nil, fence: String? = nil,
        whenLost: String? = nil, memory: String? = nil, disk: String? = nil
    ) {
        self.restartPolicy = restartPolicy
        self.diskSync = diskSync
        self.ioPerformance = ioPerformance
        self.fence = fence
        self.whenLost = whenLost
        self.memory = memory
        self.disk = disk
    }

    public var isEmpty: Bool { self == Self() }
}
