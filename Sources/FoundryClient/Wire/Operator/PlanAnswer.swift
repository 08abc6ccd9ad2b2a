/// `POST /foundry/v1/spaces/:guid/plan`: what a push would do; nothing was changed.
public struct PlanAnswer: Hashable, Sendable, Codable {
    /// In the manifest's order.
    public var applications: [PlannedApp]

    public init(applications: [PlannedApp]) { self.applications = applications }
}

public struct PlannedApp: Hashable, Sendable, Codable {
    public var name: String
    /// `create`, `update`, or `none`: it is so already.
    public var action: String
    public var image: ImageName
    /// `redis/redis is redis:7, bundled with this installation`: which line of the alias table was followed; nil when none was.
    public var alias: AliasSummary?
    /// Bytes.
    public var memory: Int64
    public var cpuMillicores: Int
    /// Bytes; nil without a volume.
    public var disk: Int64?
    public var mounts: [String]
    public var ephemeralPaths: [String]
    public var restartPolicy: String
    public var policy: PolicySummary
    /// The port is the one that the push would get now.
    public var route: RouteSummary?
    /// The contract, in the order in which it is printed.
    public var contract: [ContractLine]
    /// Of an app that exists: what becomes another.
    public var changes: [PlannedChange]
    /// Of its contract: those that did not count before.
    public var newSentences: [ContractLine]
    /// Its members are made anew for it, one after the other.
    public var restarts: Bool
    /// Sentences: what may cost data, and should be asked about before.
    public var dangers: [String]

    public init(
        name: String, action: String, image: ImageName, alias: AliasSummary?, memory: Int64, cpuMillicores: Int,
        disk: Int64?,
        mounts: [String], ephemeralPaths: [String], restartPolicy: String,
        policy: PolicySummary, route: RouteSummary?,
        contract: [ContractLine], changes: [PlannedChange] = [], newSentences: [ContractLine] = [],
        restarts: Bool = false, dangers: [String] = []
    ) {
        self.name = name
        self.action = action
        self.image = image
        self.alias = alias
        self.memory = memory
        self.cpuMillicores = cpuMillicores
        self.disk = disk
        self.mounts = mounts
        self.ephemeralPaths = ephemeralPaths
        self.restartPolicy = restartPolicy
        self.policy = policy
        self.route = route
        self.contract = contract
        self.changes = changes
        self.newSentences = newSentences
        self.restarts = restarts
        self.dangers = dangers
    }
}

/// One thing that a push changes of an app.
public struct PlannedChange: Hashable, Sendable, Codable {
    /// As a manifest calls it: `memory`, `env COLOUR`, `route`.
    public var what: String
    /// nil: there was none. Of a variable never its value.
    public var before: String?
    /// nil: there is none any more.
    public var after: String?
    /// Its members get it by being made anew.
    public var restarts: Bool

    public init(what: String, before: String?, after: String?, restarts: Bool) {
        self.what = what
        self.before = before
        self.after = after
        self.restarts = restarts
    }
}

/// One sentence of a contract.
public struct ContractLine: Hashable, Sendable, Codable {
    /// Names the sentence in the code and in its test.
    public var id: String
    public var text: String

    public init(id: String, text: String) {
        self.id = id
        self.text = text
    }
}
