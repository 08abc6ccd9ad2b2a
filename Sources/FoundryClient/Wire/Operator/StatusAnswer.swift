/// `GET /foundry/v1/status`
public struct StatusAnswer: Hashable, Sendable, Codable {
    public var version: String
    public var instance: String
    /// Of the controller.
    public var term: UInt64
    /// Of the store.
    public var revision: Int64
    /// The server process.
    public var startedAt: WireTime
    public var cells: [CellSummary]
    public var router: RouterSummary
    public var counts: Counts
    /// What stands in the way, one sentence each; empty when all is well.
    public var problems: [String]
    /// What lies on pools and no record knows of; it is left as it is.
    public var unknown: [UnknownData]?

    public struct UnknownData: Hashable, Sendable, Codable {
        /// `volume`, `snapshot`
        public var kind: String
        public var guid: String
        public var cell: String

        public init(kind: String, guid: String, cell: String) {
            self.kind = kind
            self.guid = guid
            self.cell = cell
        }
    }

    public struct Counts: Hashable, Sendable, Codable {
        public var apps: Int
        public var members: Int
        public var healthyMembers: Int
        public var volumes: Int
        public var routes: Int

        public init(apps: Int, members: Int, healthyMembers: Int, volumes: Int, routes: Int) {
            self.apps = apps
            self.members = members
            self.healthyMembers = healthyMembers
            self.volumes = volumes
            self.routes = routes
        }
    }

    public init(
        version: String, instance: String, term: UInt64, revision: Int64, startedAt: WireTime, cells: [CellSummary],
        router: RouterSummary, counts: Counts, problems: [String], unknown: [UnknownData]? = nil
    ) {
        self.version = version
        self.instance = instance
        self.term = term
        self.revision = revision
        self.startedAt = startedAt
        self.cells = cells
        self.router = router
        self.counts = counts
        self.problems = problems
        self.unknown = unknown
    }
}

public struct CellSummary: Hashable, Sendable, Codable {
    public var id: String
    public var zone: String
    /// Its stream of orders is open now.
    public var isConnected: Bool
    /// nil: not since this server started.
    public var lastReportAt: WireTime?
    /// The store's revision of the orders that it follows.
    public var ordersRevision: Int64?
    public var members: Int
    /// Bytes.
    public var memory: Amount
    public var cpuMillicores: Amount
    /// Bytes.
    public var disk: Amount

    public struct Amount: Hashable, Sendable, Codable {
        public var total: Int64
        /// Promised to members and volumes.
        public var taken: Int64

        public init(total: Int64, taken: Int64) {
            self.total = total
            self.taken = taken
        }
    }

    public init(
        id: String, zone: String, isConnected: Bool, lastReportAt: WireTime?, ordersRevision: Int64?, members: Int,
        memory: Amount,
        cpuMillicores: Amount, disk: Amount
    ) {
        self.id = id
        self.zone = zone
        self.isConnected = isConnected
        self.lastReportAt = lastReportAt
        self.ordersRevision = ordersRevision
        self.members = members
        self.memory = memory
        self.cpuMillicores = cpuMillicores
        self.disk = disk
    }
}

public struct RouterSummary: Hashable, Sendable, Codable {
    public var isConnected: Bool
    public var lastReportAt: WireTime?
    public var ordersRevision: Int64?
    /// Routes that lead to a member now.
    public var serving: Int
    public var problem: String?

    public init(isConnected: Bool, lastReportAt: WireTime?, ordersRevision: Int64?, serving: Int, problem: String?) {
        self.isConnected = isConnected
        self.lastReportAt = lastReportAt
        self.ordersRevision = ordersRevision
        self.serving = serving
        self.problem = problem
    }
}
