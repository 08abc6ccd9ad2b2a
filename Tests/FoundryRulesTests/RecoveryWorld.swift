import FoundryModel
import FoundryRules

/// The state of a small cluster with one workload, `demo`: what a recovery is decided on.
struct RecoveryWorld {
    struct Cell {
        var id: CellID
        var sight: CellSight = .living
        var duty: CellDuty = .active
        var trustsPause = false
        var isPausable = false
        var guards: Set<GuardKind> = [.ports, .sentinel, .watcher, .watchdog]
        /// Of the life that answers now.
        var incarnation = IncarnationID("i1")!
        /// Milliseconds, by the controller's clock.
        var lostFor: Int64?
        var power: [[PowerDevice]] = []
        var hasSession = true
    }

    struct Copy {
        var index: Int
        var cell: CellID
        var role = MemberRole.replica
        var phase: VolumePhase?
        var epoch: Epoch
        var isMade = true
        var memberPhase: MemberPhase? = .healthy
        /// What its engine follows, and how far; nil: it says nothing.
        var follows: Epoch?
        var position: UInt64 = 1
        var hasAll = false
        var waitsFor: [Int] = []
        var enforced: [Int] = []
        /// What the primary says that it waits for; nil: it says nothing.
        var says: [Int]?
        var guardState = GuardState.off
        /// The revision of the orders by which its cell put it under its guards; nil: its cell does not list it.
        var listedAt: Int64?
        /// Under which it lists it; nil: the present one.
        var listedEpoch: Epoch?
        var standsDown = false
        /// Milliseconds ago.
        var stoodDown: Int64?
        var pinned: Int?
        var turn = 0
        var generation: Int?
        var restarts = 0
        var isByCheck = false
        var since = Samples.start
        var isStateless = false
        var incarnation = IncarnationID("i1")!
        var sealedAt: Epoch?
        var problem: FoundryError?

        var member: MemberID { RecoveryWorld.member(index) }
        var volume: VolumeID { RecoveryWorld.volume(index) }
    }

    static let revision: Int64 = 10
    static let app = AppID("demo")!
    static func member(_ index: Int) -> MemberID { MemberID("m\(index)")! }
    static func volume(_ index: Int) -> VolumeID { VolumeID("v\(index)")! }
    static let now = Moment(wall: Samples.start, monotonic: MonotonicTime(milliseconds: 10_000_000))

    var policy = RestartPolicy.consistent
    var recovery = RecoverySpec()
    var desired = DesiredState.started
    var generation = 1
    var rollout: Rollout?
    var size = ByteCount.megabytes(100)
    var cells: [Cell] = []
    var copies: [Copy] = []
    var forks: [CellID] = []
    var fences: [FenceRecord] = []
    var cluster = ClusterRecord()
    var timing: SessionTiming? = .normal
    /// Of the orders that every cell follows.
    var ordersRevision = Self.revision
    var hasReports = true

    var appRecord: Revised<AppRecord> {
        var spec = Samples.spec(disk: copies.contains { $0.isStateless } ? nil : size)
        spec.restartPolicy = policy
        spec.recovery = recovery
        let app = AppRecord(
            id: Self.app, name: AppName("demo")!, spec: spec, desired: desired, generation: generation,
            createdAt: Samples.start, updatedAt: Samples.start, rollout: rollout)
        return Revised(app, revision: 5)
    }

    var facts: RecoveryFacts {
        RecoveryFacts(
            view: view, sights: CellSights(Dictionary(uniqueKeysWithValues: cells.map { ($0.id, $0.sight) })),
            reports: hasReports ? reports : [:],
            lostSince: Dictionary(
                uniqueKeysWithValues: cells.compactMap { cell in
                    cell.lostFor.map { (cell.id, Self.now.monotonic + -$0) }
                }),
            stoodDownAt: Dictionary(
                uniqueKeysWithValues: copies.compactMap { copy in
                    copy.stoodDown.map { (copy.member, Self.now.monotonic + -$0) }
                }), timing: timing, now: Self.now)
    }

    var plan: RecoveryPlan { RecoveryRule.plan(app: appRecord, facts: facts) }

    var view: PlatformView {
        var view = PlatformView()
        view.put(.app(appRecord.value), revision: appRecord.revision)
        view.put(.cluster(cluster), revision: Self.revision)
        for cell in cells {
            view.put(.cell(record(cell)), revision: Self.revision)
            if cell.hasSession { view.put(.session(session(cell)), revision: Self.revision) }
        }
        for fence in fences { view.put(.fence(fence), revision: Self.revision) }
        for copy in copies {
            view.put(.member(record(copy)), revision: Self.revision)
            if !copy.isStateless { view.put(.volume(volume(copy)), revision: Self.revision) }
        }
        for (index, cell) in forks.enumerated() { view.put(.volume(fork(index, cell)), revision: Self.revision) }
        return view
    }

    private var primary: Copy? { copies.first { $0.role == .primary } }

    private func record(_ cell: Cell) -> CellRecord {
        CellRecord(
            id: cell.id, zone: "default", capacity: Samples.capacity, machineID: "machine", bootID: "boot",
            incarnation: timing == nil ? nil : cell.incarnation, duty: cell.duty, trustsPause: cell.trustsPause,
            power: cell.power)
    }

    private func session(_ cell: Cell) -> SessionRecord {
        var state = SessionState.alive
        if case .expired(let fence) = cell.sight { state = .expired(fence: fence) }
        return SessionRecord(
            cell: cell.id, session: SessionID("s")!, sequence: 1, state: state, incarnation: cell.incarnation,
            machineID: "machine", bootID: "boot", guards: guards(of: cell), isPausable: cell.isPausable)
    }

    /// What a cell says, and a fence against it keeps.
    func guards(of cell: Cell) -> GuardReport {
        GuardReport(
            armed: cell.guards,
            volumes: copies.filter { $0.cell == cell.id }.compactMap { copy in
                copy.listedAt.map {
                    GuardedVolume(volume: copy.volume, epoch: copy.listedEpoch ?? copy.epoch, ordersRevision: $0)
                }
            })
    }

    private func record(_ copy: Copy) -> MemberRecord {
        MemberRecord(
            id: copy.member, app: Self.app, index: copy.index, cell: copy.cell, slot: 2 + copy.index,
            volume: copy.isStateless ? nil : copy.volume, role: copy.role, turn: copy.turn, standsDown: copy.standsDown,
            pinned: copy.pinned)
    }

    private func volume(_ copy: Copy) -> VolumeRecord {
        let held: VolumePhase =
            copy.role == .primary ? .held(by: copy.member) : .follows(primary?.volume ?? VolumeID("none")!)
        return VolumeRecord(
            id: copy.volume, app: Self.app, appName: AppName("demo")!, cell: copy.cell, size: size, directories: [],
            lineage: LineageID("line")!, branch: 1, epoch: copy.epoch, sealedAt: copy.sealedAt ?? copy.epoch,
            isMade: copy.isMade, phase: copy.phase ?? held, createdAt: Samples.start,
            incarnation: timing == nil ? nil : copy.incarnation, guardState: copy.guardState,
            replication: ReplicationState(
                waitsFor: copy.waitsFor.map(Self.volume), enforced: copy.enforced.map(Self.volume)))
    }

    private func fork(_ index: Int, _ cell: CellID) -> VolumeRecord {
        VolumeRecord(
            id: VolumeID("fork\(index)")!, app: Self.app, appName: AppName("demo")!, cell: cell, size: size,
            directories: [], lineage: LineageID("line")!, branch: 1, epoch: Epoch(1), sealedAt: Epoch(1), isMade: true,
            phase: .forked(since: Samples.start), createdAt: Samples.start)
    }

    private var reports: [CellID: CellReport] {
        var reports: [CellID: CellReport] = [:]
        for cell in cells {
            let statuses = copies.filter { $0.cell == cell.id }.compactMap(status).sorted { $0.id < $1.id }
            reports[cell.id] = CellReport(
                cell: cell.id, sequence: 1, ordersRevision: ordersRevision, capacity: Samples.capacity,
                machineID: "machine", bootID: "boot", members: statuses, volumes: [])
        }
        return reports
    }

    private func status(_ copy: Copy) -> MemberStatus? {
        guard let phase = copy.memberPhase else { return nil }
        let replication: ReplicationReport? =
            copy.role == .primary
            ? copy.says.map { .primary(epoch: copy.epoch, waitsFor: $0.map(Self.member)) }
            : copy.follows.map { .replica(epoch: $0, position: copy.position, hasAll: copy.hasAll) }
        return MemberStatus(
            id: copy.member, generation: copy.generation ?? (copy.pinned ?? generation) + copy.turn, phase: phase,
            since: copy.since, restarts: copy.restarts,
            lastExit: copy.isByCheck
                ? MemberExit(
                    time: Samples.start, reason: "did not answer", status: nil, lastLines: ["no"], isByCheck: true)
                : nil, address: "10.77.3.2", startedAt: nil,
            pid: nil, problem: copy.problem, replication: replication)
    }
}
