import FoundryModel
import FoundryRules

/// The whole of a cluster in one value: servers, cells, routers, clients, their store, network and disks, and true time.
///
///     let world = World(WorldSettings(seed: 42))
///     world.run(until: .zero + .minutes(10))
///     world.trace      // the same for the same seed
///
/// One thread, and all chance from one seed. The machines of ours inside are the real ones; what they act on is modelled.
final class World {
    let settings: WorldSettings
    let configuration: PlatformConfiguration
    var queue = EventQueue<WorldEvent>()
    let counters = FaultCounters()
    var random: WorldRandom
    var network: SimulatedNetwork<Payload>
    var notices = Slab<StreamNotice<WorldStream>>()
    var store: WorldStore
    var names: Names
    var numbers = Numbers()
    let checker = WorldChecker()
    var workloads: [Workload]
    var servers: [ServerNode] = []
    var cells: [CellNode] = []
    var routers: [RouterNode] = []
    var clients: [Client] = []
    var devices: [FenceDevice] = []
    var uses: [Int32: DeviceUse] = [:]
    var nextUse: Int32 = 0
    var people = People()
    var services = ServicePeople()
    /// Places among the workloads of those that run for instances.
    var serviceWorkloads: [AppID: Int] = [:]
    var faults = WorldFaults()
    var scheduled: [Int32: WorldAction] = [:]
    var nextAction: Int32 = 0
    var partitions: [LinkChange] = []
    /// Partitions that were begun before this one ended with a heal.
    var firstLiveChange: Int32 = 0
    var counts = WorldCounts()
    /// While a backup is put back, no server runs.
    var isStoreClosed = false
    var backup: StoreImage?
    var backupNumber: Int64 = -1
    var restorePlans: [[RecordWrite]] = []
    var restoreTry: Int32 = 0
    /// Of everything that has happened, in order.
    private(set) var trace: UInt64 = 0xcbf2_9ce4_8422_2325
    /// When the minute began whose work is being counted, and how many events there were before it.
    private var minute = (began: SimulationTime.zero, events: 0)
    var reachedRefusals: [RefusalKind: Int] = [:]
    /// By workload: how many starts of its program fail from now on.
    var failingStarts: [Int: Int] = [:]
    /// How often each effect was begun.
    private(set) var reachedEffects: [String: Int] = [:]

    init(_ settings: WorldSettings) {
        precondition(settings.cells <= 60 && settings.servers > 0, "a world has at most 60 cells, and a server")
        self.settings = settings
        configuration = Self.configuration(settings)
        random = WorldRandom(seed: settings.seed)
        let nodes = settings.servers + settings.cells + settings.routers
        network = SimulatedNetwork(nodes: nodes, random: random.root, counters: counters)
        store = WorldStore(
            nodes: Array(0..<min(3, settings.servers)), random: random.root, counters: counters)
        names = Names(servers: settings.servers, cells: settings.cells)
        workloads = (0..<settings.workloads).map {
            Workload(index: $0, kind: settings.kind, isProbed: settings.services > 0)
        }
        makeNodes()
    }

    private static func configuration(_ settings: WorldSettings) -> PlatformConfiguration {
        PlatformConfiguration(
            instance: "5e3d00", apiPort: 7_480, cellPort: 7_481, subnet: "10.77.0",
            routes: RouteConfiguration(firstPort: 20_000, lastPort: 20_000 + max(1, settings.ports) - 1),
            pool: .file(size: .gigabytes(400)), bundledImages: "/images", layers: "/layers", eventsKept: 60,
            jobsKept: 20, timing: settings.timing)
    }

    private func makeNodes() {
        var clocks = random.root.stream("clocks")
        func machine(_ node: Int) -> Machine {
            let drift = clocks.integer(in: -settings.drift...settings.drift)
            return Machine(node: node, clock: MachineClock(partsPerMillion: drift))
        }
        servers = (0..<settings.servers).map { ServerNode(world: self, index: $0, machine: machine($0)) }
        cells = (0..<settings.cells).map {
            CellNode(world: self, index: $0, machine: machine(settings.servers + $0))
        }
        routers = (0..<settings.routers).map {
            RouterNode(world: self, index: $0, machine: machine(settings.servers + settings.cells + $0))
        }
        makeClients()
        begin()
    }

    private func makeClients() {
        guard settings.routers > 0 else { return }
        for workload in workloads {
            if !workload.isIndependent { checker.count(workload, under: workload.index) }
            for copy in 0..<settings.clientsPerWorkload {
                let index = clients.count
                clients.append(
                    Client(
                        index: Int32(index), workload: workload.index,
                        router: (workload.index + copy) % settings.routers))
                queue.push(.client(Int32(index), .act), at: .zero + .seconds(12) + .milliseconds(Int64(index) * 7))
            }
        }
    }

    var now: SimulationTime { queue.now }
    var violation: Violation? { checker.violation }
    /// Events so far.
    var events: Int { queue.popped }
    /// Three times as many as the busiest worlds have.
    private static let mostEventsAMinute = 200_000

    /// Lets time pass, until then or until a check fails.
    func run(until limit: SimulationTime) {
        while checker.violation == nil, let event = queue.pop(until: limit) {
            handle(event)
            checkWork()
        }
    }

    /// A world that does ever more in no time would never come to its end, and is told instead.
    private func checkWork() {
        if now - minute.began >= .seconds(60) { minute = (now, events) }
        guard events - minute.events > Self.mostEventsAMinute else { return }
        checker.report(
            Violation(.workBounded, at: now, "more than \(Self.mostEventsAMinute) events since \(minute.began)"))
    }

    func note(_ value: UInt64) { trace = (trace ^ value) &* 0x100_0000_01b3 }

    func reached(_ name: ControllerEffectName) { reachedEffects[name.rawValue, default: 0] += 1 }
    func reached(_ name: CellEffectName) { reachedEffects[name.rawValue, default: 0] += 1 }

    func workload(of app: AppID) -> Int { serviceWorkloads[app] ?? Int(app.description.dropFirst()) ?? 0 }

    /// With those that run for instances, whatever becomes of them.
    var mostWorkloads: Int { settings.workloads + settings.services * 25 }

    /// What the acknowledged writes of a copy are counted under: all of a workload together, or those of each lineage where the members know nothing of each
    /// other.
    func track(_ workload: Int, _ lineage: LineageID) -> Int { track(workload, numbers.lineage(lineage)) }

    /// - Parameter lineage: of the world's numbers.
    func track(_ workload: Int, _ lineage: Int) -> Int {
        workloads[workload].isIndependent ? mostWorkloads + lineage : workload
    }

    /// Where an address of a member leads: `10.77.CELL.SLOT`.
    static func place(of address: String) -> (cell: Int, slot: UInt8)? {
        let parts = address.split(separator: ".")
        guard parts.count == 4, let cell = Int(parts[2]), let slot = UInt8(parts[3]) else { return nil }
        return (cell, slot)
    }

    func place(of address: String) -> (cell: Int, slot: UInt8)? {
        guard let place = Self.place(of: address), cells.indices.contains(place.cell) else { return nil }
        return place
    }
}

/// What happened in a world, for its summary.
struct WorldCounts {
    var writes = 0
    var reads = 0
    var timeouts = 0
    var refused = 0
}
