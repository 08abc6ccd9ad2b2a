import FoundryModel
import FoundryRules
import FoundryTestSupport

/// A controller's machine over a small store of its own: what the machine decides is committed at once, and comes back to it through the watch.
struct ControllerBench {
    var random = Seeded(7)
    var now: Int64 = 0
    var configuration = Samples.configuration()
    private(set) var machine: ControllerMachine
    private var table = RecordTable()
    private var sequence: Int64 = 0

    /// - Parameter report: whether its cell has said already that it is there.
    init(graceDays: Int = 7, report: Bool = true) {
        configuration.volumeGraceDays = graceDays
        machine = ControllerMachine(configuration: configuration)
        _ = machine.handle(.caughtUp, now: moment, using: &random)
        if report { _ = tell(.cellReport(self.report([]))) }
    }

    var moment: Moment { Samples.moment(now) }
    var wall: Timestamp { moment.wall }
    var view: PlatformView { machine.view }
    var records: [String: (record: Record, revision: Int64)] { table.records }
    var revision: Int64 { table.revision }

    // What happens

    /// - Returns: the effects, in the order in which they were committed.
    mutating func tell(_ event: ControllerEvent) -> [ControllerEffect] {
        settle(machine.handle(event, now: moment, using: &random))
    }

    /// A transaction of somebody else.
    /// - Returns: nil when an expectation was not met; otherwise what the controller does about it.
    mutating func write(_ writes: [RecordWrite]) -> [ControllerEffect]? { commit(writes).map { deliver(writes, $0) } }

    /// The process of the controller is another one.
    mutating func restart() -> [ControllerEffect] {
        machine = ControllerMachine(configuration: configuration)
        for (_, entry) in records.sorted(by: { $0.value.revision < $1.value.revision }) {
            _ = machine.handle(.record(entry.record, revision: entry.revision), now: moment, using: &random)
        }
        return tell(.caughtUp)
    }

    // What users do

    mutating func push(
        _ request: PushRequest, image: ResolvedImage = Samples.image()
    ) throws(FoundryError) -> [ControllerEffect] {
        let plan = try PushPlanner.plan(
            request, image: image, view: view, configuration: configuration, now: wall, using: &random)
        return write(plan.writes) ?? []
    }

    mutating func verb(
        _ name: String, _ plan: (Revised<AppRecord>, Timestamp, inout Seeded) throws(FoundryError) -> VerbPlan
    ) throws -> [ControllerEffect] {
        guard let app = AppName(name).flatMap({ view.app(named: $0) }) else { throw FoundryError(.appNotFound, name) }
        return write(try plan(app, wall, &random).writes) ?? []
    }

    mutating func start(_ name: String) throws -> [ControllerEffect] {
        try verb(name) { app, now, random throws(FoundryError) in try AppVerbs.start(app, now: now, using: &random) }
    }

    mutating func stop(_ name: String) throws -> [ControllerEffect] {
        try verb(name) { app, now, random throws(FoundryError) in try AppVerbs.stop(app, now: now, using: &random) }
    }

    mutating func restart(_ name: String) throws -> [ControllerEffect] {
        let view = view
        return try verb(name) { app, now, random throws(FoundryError) in
            try AppVerbs.restart(app, members: view.memberRecords(of: app.value.id), now: now, using: &random)
        }
    }

    mutating func delete(_ name: String, purge: Bool = false) throws -> [ControllerEffect] {
        try verb(name) { app, now, random throws(FoundryError) in
            try AppVerbs.delete(app, purge: purge, now: now, using: &random)
        }
    }

    // What the cell says

    /// - Parameter follows: nil: the newest orders.
    mutating func cell(
        _ members: [MemberStatus] = [], volumes: [VolumeStatus] = [], follows: Int64? = nil
    ) -> [ControllerEffect] {
        tell(.cellReport(report(members, volumes: volumes, follows: follows)))
    }

    mutating func report(
        _ members: [MemberStatus], volumes: [VolumeStatus] = [], follows: Int64? = nil
    ) -> CellReport {
        sequence += 1
        return CellReport(
            cell: Samples.cell, sequence: sequence, ordersRevision: follows ?? revision, capacity: Samples.capacity,
            machineID: Samples.machineID, bootID: "boot", members: members, volumes: volumes)
    }

    /// The router has done all that it was told.
    mutating func route() -> [ControllerEffect] {
        let orders = view.routerOrders()
        return tell(
            .routerReport(
                RouterReport(
                    ordersRevision: orders.revision, applied: orders.routes.filter { $0.target != nil }, problem: nil)))
    }

    func status(_ name: String, _ phase: MemberPhase, generation: Int? = nil) throws -> MemberStatus {
        guard let app = AppName(name).flatMap({ view.app(named: $0) })?.value,
            let member = view.members(of: app.id).first
        else {
            throw FoundryError(.appNotFound, name)
        }
        var isRunning = false
        switch phase {
        case .starting, .healthy, .unhealthy, .unready: isRunning = true
        case .preparing, .stopping, .stopped, .waiting, .crashed, .refused: break
        }
        return MemberStatus(
            id: member.id, generation: generation ?? app.generation, phase: phase, since: Samples.start, restarts: 0,
            lastExit: nil,
            address: "10.77.3.\(member.slot)", startedAt: isRunning ? Samples.start : nil, pid: isRunning ? 101 : nil)
    }

    /// The volume that was made for an app of this name, the newest of them.
    func volume(_ name: String) throws -> VolumeRecord {
        let volumes = view.volumes.values.filter { $0.value.appName.description == name }
        guard let newest = volumes.max(by: { ($0.value.createdAt, $0.revision) < ($1.value.createdAt, $1.revision) })
        else {
            throw FoundryError(.volumeNotFound, name)
        }
        return newest.value
    }

    /// How a volume lies on its cell.
    func lying(
        _ name: String, epoch: UInt64, sealed: Bool = false, mounted: Bool = false, foreign: Bool = false,
        machineID: String = Samples.machineID
    ) throws -> VolumeStatus {
        let volume = try volume(name)
        let label = VolumeLabel(
            volume: volume.id, lineage: foreign ? LineageID("another")! : volume.lineage, branch: volume.branch,
            epoch: Epoch(epoch), role: .holder, sealed: sealed, machineID: machineID, size: volume.size)
        return VolumeStatus(id: volume.id, label: label, mounted: mounted, refusal: nil, used: nil)
    }

    // The store

    private mutating func settle(_ effects: [ControllerEffect]) -> [ControllerEffect] {
        var all: [ControllerEffect] = []
        var waiting = effects
        while !waiting.isEmpty {
            let effect = waiting.removeFirst()
            all.append(effect)
            guard let revision = commit(effect.writes) else {
                waiting += machine.handle(.conflicted(effect), now: moment, using: &random)
                continue
            }
            feed(effect.writes, revision)
            waiting += machine.handle(.committed(effect, revision: revision), now: moment, using: &random)
            waiting += machine.handle(.caughtUp, now: moment, using: &random)
        }
        return all
    }

    private mutating func deliver(_ writes: [RecordWrite], _ revision: Int64) -> [ControllerEffect] {
        feed(writes, revision)
        return tell(.caughtUp)
    }

    private mutating func feed(_ writes: [RecordWrite], _ revision: Int64) {
        for write in writes {
            let event: ControllerEvent? =
                switch write {
                case .put(let record, _): .record(record, revision: revision)
                case .delete(let key, _, _): .removed(key: key, revision: revision)
                case .check: nil
                }
            if let event { _ = machine.handle(event, now: moment, using: &random) }
        }
    }

    private mutating func commit(_ writes: [RecordWrite]) -> Int64? {
        table.commit(writes)
    }
}
