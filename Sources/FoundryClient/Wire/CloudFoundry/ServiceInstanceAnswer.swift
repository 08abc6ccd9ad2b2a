import FoundryModel

/// A service that somebody has.
public struct ServiceInstanceAnswer: Hashable, Sendable, Codable {
    public var guid: String
    public var name: String
    /// `managed`
    public var type: String
    public var tags: [String]
    public var dashboardUrl: String?
    public var syslogDrainUrl: String?
    public var routeServiceUrl: String?
    public var upgradeAvailable: Bool
    public var maintenanceInfo: MaintenanceInfo
    public var lastOperation: LastOperation
    public var createdAt: String
    public var updatedAt: String
    public var metadata: Metadata
    /// `space`, `service_plan`
    public var relationships: [String: Relationship]
    public var links: [String: Link]
    public var foundry: Details

    /// What we say beyond Cloud Foundry's instance.
    public struct Details: Hashable, Sendable, Codable {
        public var offering: String
        public var plan: String
        /// Of the release that it runs.
        public var version: String
        /// Of the release that is current.
        public var newestVersion: String?
        /// Of its workload.
        public var appGuid: String
        /// What is, in one word, as apps have it: `running`, `starting`, `unhealthy`, ...
        public var state: String
        /// Its members were ready once.
        public var isFounded: Bool
        /// What counts, by name: as given, or the plan's, or the release's.
        public var parameters: [String: ParameterValue]
        /// The names of those that were given.
        public var givenParameters: [String]
        public var restartPolicy: String
        public var policy: PolicySummary
        /// Bytes, of each member.
        public var memory: Int64
        /// Bytes, of each member; nil without a disk.
        public var disk: Int64?
        public var members: [MemberSummary]
        public var route: RouteSummary?
        public var bindings: [ServiceBindingSummary]
        /// What a change is at that goes through its members, in words; nil: there is none.
        public var change: String?
        /// The job of its last operation.
        public var job: String
        /// By the token, or the broker's credential, of that name.
        public var createdBy: String
        /// Of a broker's request: `platform`, `instance_name`, ...
        public var context: [String: String]

        public init(
            offering: String, plan: String, version: String, newestVersion: String?, appGuid: String, state: String,
            isFounded: Bool, parameters: [String: ParameterValue], givenParameters: [String], restartPolicy: String,
            policy: PolicySummary, memory: Int64, disk: Int64?, members: [MemberSummary], route: RouteSummary?,
            bindings: [ServiceBindingSummary], change: String?, job: String, createdBy: String,
            context: [String: String]
        ) {
            self.offering = offering
            self.plan = plan
            self.version = version
            self.newestVersion = newestVersion
            self.appGuid = appGuid
            self.state = state
            self.isFounded = isFounded
            self.parameters = parameters
            self.givenParameters = givenParameters
            self.restartPolicy = restartPolicy
            self.policy = policy
            self.memory = memory
            self.disk = disk
            self.members = members
            self.route = route
            self.bindings = bindings
            self.change = change
            self.job = job
            self.createdBy = createdBy
            self.context = context
        }
    }

    public init(
        guid: String, name: String, tags: [String] = [], dashboardUrl: String?, upgradeAvailable: Bool,
        maintenanceInfo: MaintenanceInfo, lastOperation: LastOperation, createdAt: String, updatedAt: String,
        metadata: Metadata = Metadata(), space: String, plan: String, links: [String: Link], foundry: Details
    ) {
        self.guid = guid
        self.name = name
        type = "managed"
        self.tags = tags
        self.dashboardUrl = dashboardUrl
        self.upgradeAvailable = upgradeAvailable
        self.maintenanceInfo = maintenanceInfo
        self.lastOperation = lastOperation
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.metadata = metadata
        relationships = ["space": Relationship(guid: space), "service_plan": Relationship(guid: plan)]
        self.links = links
        self.foundry = foundry
    }
}

/// What was asked for last, and how far it is.
public struct LastOperation: Hashable, Sendable, Codable {
    /// `create`, `update`, `delete`
    public var type: String
    /// `in progress`, `succeeded`, `failed`; of bindings also `initial`
    public var state: String
    /// In words: what it is at, or why it failed.
    public var description: String
    public var createdAt: String
    public var updatedAt: String
    /// Why it failed.
    public var foundry: ErrorExtension?

    public init(
        type: String, state: String, description: String, createdAt: String, updatedAt: String,
        foundry: ErrorExtension? = nil
    ) {
        self.type = type
        self.state = state
        self.description = description
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.foundry = foundry
    }
}

/// Who has credentials of an instance; never the credentials.
public struct ServiceBindingSummary: Hashable, Sendable, Codable {
    public var guid: String
    /// `app` or `key`
    public var type: String
    /// Of a key, or its own; nil: an app's binding without one.
    public var name: String?
    public var appGuid: String?
    public var appName: String?
    /// `binding`, `bound`, `renewing`, `failed`, `unbinding`
    public var state: String
    public var createdAt: WireTime
    /// It is unbound then: another took its place.
    public var retiresAt: WireTime?

    public init(
        guid: String, type: String, name: String?, appGuid: String?, appName: String?, state: String,
        createdAt: WireTime, retiresAt: WireTime?
    ) {
        self.guid = guid
        self.type = type
        self.name = name
        self.appGuid = appGuid
        self.appName = appName
        self.state = state
        self.createdAt = createdAt
        self.retiresAt = retiresAt
    }
}
