/// `POST /foundry/v1/service_instances/plan`: what a request for an instance, or for a change of one, would do. Nothing is done.
public struct ServicePlanningBody: Hashable, Sendable, Codable {
    /// Of the instance that is to be changed; nil: a new one.
    public var guid: String?
    /// As the `POST` or the `PATCH` would have it.
    public var instance: ServiceInstanceBody

    public init(guid: String? = nil, instance: ServiceInstanceBody) {
        self.guid = guid
        self.instance = instance
    }
}

/// The answer to that.
public struct PlannedService: Hashable, Sendable, Codable {
    public var name: String
    /// `create`, `update`, or `none`: it is so already.
    public var action: String
    public var offering: String
    public var plan: String
    /// Of the release.
    public var version: String
    public var members: Int
    /// Bytes, of each member.
    public var memory: Int64
    public var cpuMillicores: Int
    /// Bytes, of each member; nil without a disk.
    public var disk: Int64?
    /// The port is the one that it would get now; nil: of one that is there.
    public var route: RouteSummary?
    /// The contract, in the order in which it is printed.
    public var contract: [ContractLine]
    /// Of an instance that exists: what becomes another.
    public var changes: [PlannedChange]
    /// Of its contract: those that did not count before.
    public var newSentences: [ContractLine]
    /// Its members are made anew for it, one after the other.
    public var restarts: Bool

    public init(
        name: String, action: String, offering: String, plan: String, version: String, members: Int, memory: Int64,
        cpuMillicores: Int, disk: Int64?, route: RouteSummary?, contract: [ContractLine],
        changes: [PlannedChange] = [], newSentences: [ContractLine] = [], restarts: Bool = false
    ) {
        self.name = name
        self.action = action
        self.offering = offering
        self.plan = plan
        self.version = version
        self.members = members
        self.memory = memory
        self.cpuMillicores = cpuMillicores
        self.disk = disk
        self.route = route
        self.contract = contract
        self.changes = changes
        self.newSentences = newSentences
        self.restarts = restarts
    }
}

/// `POST /foundry/v1/service_credential_bindings/:guid/actions/rotate`
public struct BindingRotationBody: Hashable, Sendable, Codable {
    /// How long the credentials from before stay valid; nil: they stay until somebody removes them.
    public var overlapSeconds: Int64?

    public init(overlapSeconds: Int64?) { self.overlapSeconds = overlapSeconds }
}
