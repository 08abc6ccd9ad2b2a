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

    public init(
        name: String, action: String, image: ImageName, alias: AliasSummary?, memory: Int64, cpuMillicores: Int,
        disk: Int64?,
        mounts: [String], ephemeralPaths: [String], restartPolicy: String,
        policy: PolicySummary, route: RouteSummary?,
        contract: [ContractLine]
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
