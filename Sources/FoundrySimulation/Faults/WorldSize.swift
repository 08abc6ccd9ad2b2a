/// How much of everything a simulated world has.
public struct WorldSize: Hashable, Sendable {
    public var servers: Int
    public var cells: Int
    public var routers: Int
    public var clients: Int
    public var apps: Int
    /// Zones over which the cells are spread.
    public var zones: Int
    /// Of each cell, in MiB.
    public var memory: Int64
    /// Of all applications; nil: of each kind some.
    public var kind: WorkloadKind?
    /// Service instances that people have at a time. Worlds of before there were any repeat only without.
    public var services: Int

    public init(
        servers: Int = 3, cells: Int = 8, routers: Int = 1, clients: Int = 4, apps: Int = 20, zones: Int = 3,
        memory: Int64 = 65_536, services: Int = 0
    ) {
        self.servers = servers
        self.cells = cells
        self.routers = routers
        self.clients = clients
        self.apps = apps
        self.zones = zones
        self.memory = memory
        self.services = services
    }

    /// What the rate of events is measured with: 3 servers, 8 cells, some 40 volumes.
    public static let usual = Self()
    /// The same, with people who use services.
    public static let served = Self(services: 4)
    public static let small = Self(servers: 3, cells: 4, routers: 1, clients: 2, apps: 6, zones: 2)
}
