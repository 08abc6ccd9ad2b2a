import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

/// A controller over a small store and several cells that do at once what they are ordered: for tests of what it decides when some of them do not.
struct ClusterBench {
    var random = Seeded(11)
    var now: Int64 = 0
    var configuration = Samples.configuration()
    private(set) var machine: ControllerMachine
    private var table = RecordTable()
    /// Cells that renew and report.
    var living: Set<CellID> = []
    /// Cells whose orders do not reach them.
    var deaf: Set<CellID> = []
    /// What each cell says of its guards: as the orders want it, unless somebody meddles.
    var armed: Set<GuardKind> = [.sentinel, .watcher, .watchdog]
    var isPausable = false
    /// What cells say that they promised, whatever the fences' records know of it.
    var promised: [VolumeID: Epoch] = [:]
    private(set) var labels: [CellID: [VolumeID: VolumeLabel]] = [:]
    private(set) var powerOrders: [PowerOrder] = []
    /// What devices answer.
    var powerAnswer: (PowerOrder) -> FenceOutcome? = { $0.step == .off ? .succeeded : .saysOff }
    private var sequences: [CellID: Int64] = [:]
    private var boots: [CellID: Int] = [:]
    private(set) var done: [ControllerEffect] = []
    /// Every transaction that was committed, and of whom: an effect's name, or what the test gave it.
    private(set) var committed: [(name: String, writes: [RecordWrite])] = []
    /// Generations whose members end as soon as they begin.
    var broken: Set<Int> = []
    /// What a look at everything would have found to be done, when the controller had looked at what may have changed.
    private(set) var overlooked: [String] = []
    private var tickedAt: Int64?

    init(cells: Int = 3, timing: SessionTiming? = .normal) {
        configuration.timing = timing
        machine = ControllerMachine(configuration: configuration)
        write([.put(.term(TermRecord(term: Term(1), since: Samples.start)), expects: .absent)])
        for index in 1...cells { living.insert(Self.cell(index)) }
        settle()
    }

    static func cell(_ index: Int) -> CellID { CellID("c\(index)")! }

    var moment: Moment { Samples.moment(now) }
    var view: PlatformView { machine.view }
    var records: [String: (record: Record, revision: Int64)] { table.records }
    var revision: Int64 { table.revision }
    var names: [ControllerEffectName] { done.map(\.name) }

    // What happens

    /// Time passes in steps of a renewal; living cells renew and obey.
    mutating func pass(_ milliseconds: Int64) {
        let end = now + milliseconds
        while now < end {
            now = min(end, now + 500)
            settle()
            tell(.tick)
            tickedAt = now
            look()
        }
    }

    /// The cluster's record touches everything. The controller itself hears nothing of it.
    private mutating func look() {
        var (shadow, random) = (machine, random)
        let cluster = view.cluster ?? Revised(ClusterRecord(), revision: 0)
        _ = shadow.handle(.record(.cluster(cluster.value), revision: cluster.revision), now: moment, using: &random)
        overlooked += shadow.handle(.caughtUp, now: moment, using: &random).map {
            "at \(now): \($0.name.rawValue) of \($0.subject)"
        }
    }

    /// Everybody renews, obeys and reports until nothing changes any more.
    mutating func settle() {
        for cell in living.sorted() { renew(cell) }
        for _ in 0..<60 {
            let before = revision
            for cell in living.sorted() {
                if !deaf.contains(cell) { obey(cell) }
                renewIfGuardsChanged(cell)
                report(cell)
            }
            if revision == before { return }
        }
    }

    mutating func push(_ name: String, _ change: (inout WorkloadSpec) -> Void = { _ in }) -> AppID {
        var spec = Samples.spec()
        change(&spec)
        let app = AppRecord(
            id: AppID(name)!, name: AppName(name)!, spec: spec, desired: .started, generation: 1,
            createdAt: moment.wall, updatedAt: moment.wall)
        write([.put(.app(app), expects: .absent)])
        settle()
        return app.id
    }

    /// The process of the controller is another one.
    mutating func restart() {
        machine = ControllerMachine(configuration: configuration)
        for (_, entry) in records.sorted(by: { $0.value.revision < $1.value.revision }) {
            carryOut(machine.handle(.record(entry.record, revision: entry.revision), now: moment, using: &random))
        }
        tell(.caughtUp)
    }

    /// The machine comes back after a reboot, with all its volumes.
    mutating func reboot(_ cell: CellID) {
        boots[cell, default: 0] += 1
        living.insert(cell)
        settle()
    }

    @discardableResult
    mutating func write(_ writes: [RecordWrite], as name: String = "session.renew") -> Bool {
        guard let revision = commit(writes) else { return false }
        committed.append((name, writes))
        feed(writes, revision)
        // What time alone makes due is found by the next tick.
        if tickedAt == now { look() }
        return true
    }

    /// As `write`, of what nothing else has changed.
    mutating func mustWrite(_ writes: [RecordWrite]) {
        if !write(writes) { Issue.record("a record was changed by somebody else") }
    }

    mutating func tell(_ event: ControllerEvent) {
        carryOut(machine.handle(event, now: moment, using: &random))
    }

    func report(of cell: CellID, sequence: Int64 = 1_000_000) -> CellReport {
        let orders = view.cellOrders(for: cell, term: Term(0).next(in: view.switches.generation))
        let known = labels[cell] ?? [:]
        return CellReport(
            cell: cell, sequence: sequence, ordersRevision: deaf.contains(cell) ? nil : orders.revision,
            ordersTerm: orders.term, capacity: Samples.capacity, machineID: "machine-\(cell)", bootID: boot(cell),
            members: orders.members.map { status($0, orders) },
            volumes: known.values.sorted { $0.volume < $1.volume }.map {
                VolumeStatus(
                    id: $0.volume, label: $0, mounted: !$0.sealed, refusal: nil, used: nil,
                    promised: promised[$0.volume])
            }, session: orders.session,
            words: orders.fences.map {
                FenceWord(fence: $0.fence, incarnation: incarnation(cell), promises: $0.promises)
            })
    }

    func incarnation(_ cell: CellID) -> IncarnationID { IncarnationID("life-\(cell)")! }

    // Cells

    private func boot(_ cell: CellID) -> String { "boot-\(cell)-\(boots[cell] ?? 0)" }

    private mutating func renew(_ cell: CellID) {
        let record = view.sessions[cell]
        let isOurs = record?.value.state == .alive && record?.value.bootID == boot(cell)
        let request = SessionRequest(
            cell: cell, incarnation: incarnation(cell), machineID: "machine-\(cell)", bootID: boot(cell),
            session: isOurs ? record?.value.session : nil, sequence: record?.value.sequence ?? 0,
            guards: guards(cell), isPausable: isPausable)
        if case .commit(let writes, _) = SessionRule.decide(request, record: record, fresh: .random(using: &random)) {
            write(writes)
        }
    }

    private mutating func renewIfGuardsChanged(_ cell: CellID) {
        if view.sessions[cell]?.value.guards != guards(cell) { renew(cell) }
    }

    private func guards(_ cell: CellID) -> GuardReport {
        let orders = view.cellOrders(for: cell, term: Term(1))
        let guarded = orders.members.filter { $0.isGuarded && $0.run }.compactMap { member -> GuardedVolume? in
            guard let id = member.volume, let label = labels[cell]?[id], label.role == .holder else { return nil }
            return GuardedVolume(volume: id, epoch: label.epoch, ordersRevision: orders.revision)
        }
        // The revision grows with each write; what was said once is said again.
        let last = view.sessions[cell]?.value.guards.volumes ?? []
        let volumes = guarded.map { one in
            last.first { $0.volume == one.volume && $0.epoch == one.epoch && isNewEnough($0) } ?? one
        }
        return GuardReport(armed: armed, volumes: volumes.sorted { $0.volume < $1.volume })
    }

    private func isNewEnough(_ guarded: GuardedVolume) -> Bool {
        guard let volume = view.volumes[guarded.volume] else { return false }
        switch volume.value.guardState {
        case .off: return false
        case .ordered: return guarded.ordersRevision >= volume.revision
        case .on(let orderedAt): return guarded.ordersRevision >= orderedAt
        }
    }

    private mutating func obey(_ cell: CellID) {
        for order in view.cellOrders(for: cell, term: Term(1)).volumes {
            var label =
                labels[cell]?[order.id]
                ?? VolumeLabel(
                    volume: order.id, lineage: order.lineage, branch: order.branch, epoch: .none, role: .holder,
                    sealed: true, machineID: "machine-\(cell)", size: order.size)
            switch order.purpose {
            case .serve, .promote: (label.role, label.sealed) = (.holder, false)
            case .follow: (label.role, label.sealed) = (.replica, false)
            case .keep, .make:
                if labels[cell]?[order.id] == nil { continue }
                if label.role == .holder { label.sealed = true }
                labels[cell]?[order.id] = label
                continue
            case .delete:
                labels[cell]?[order.id] = nil
                continue
            }
            label.epoch = order.epoch
            label.branch = order.branch
            labels[cell, default: [:]][order.id] = label
        }
    }

    private mutating func report(_ cell: CellID) {
        sequences[cell, default: 0] += 1
        tell(.cellReport(report(of: cell, sequence: sequences[cell] ?? 0)))
    }

    private func status(_ order: MemberOrder, _ orders: CellOrders) -> MemberStatus {
        let isRunning = order.run
        var replication: ReplicationReport?
        if isRunning, let volume = orders.volumes.first(where: { $0.id == order.volume }) {
            switch order.role {
            case .primary: replication = .primary(epoch: volume.epoch, waitsFor: order.waitsFor)
            case .replica:
                replication = .replica(epoch: volume.epoch, position: 10, hasAll: isSourceSealed(order))
            }
        }
        return MemberStatus(
            id: order.id, generation: order.generation, phase: isRunning ? running(order) : .stopped,
            since: Samples.start, restarts: broken.contains(order.generation) ? 9 : 0, lastExit: nil,
            address: "10.77.3.\(order.slot)", startedAt: nil, pid: isRunning ? 7 : nil,
            replication: replication)
    }

    private func running(_ order: MemberOrder) -> MemberPhase {
        broken.contains(order.generation) ? .crashed(nextTry: moment.wall + 300_000) : .healthy
    }

    private func isSourceSealed(_ order: MemberOrder) -> Bool {
        guard let volume = order.volume.flatMap({ view.volumes[$0]?.value }), case .follows(let holder) = volume.phase
        else { return false }
        return labels.values.contains { $0[holder]?.sealed ?? false }
    }

    // The store

    private mutating func carryOut(_ effects: [ControllerEffect]) {
        for effect in effects {
            done.append(effect)
            if case .power(let order) = effect.action {
                powerOrders.append(order)
                if let answer = powerAnswer(order) { tell(.powerAnswered(order, answer)) }
                continue
            }
            guard let revision = commit(effect.writes(under: view.term!)) else {
                tell(.conflicted(effect))
                continue
            }
            committed.append((effect.name.rawValue, effect.writes))
            feed(effect.writes, revision)
            tell(.committed(effect, revision: revision))
        }
    }

    private mutating func feed(_ writes: [RecordWrite], _ revision: Int64) {
        for write in writes {
            switch write {
            case .put(let record, _): tell(.record(record, revision: revision))
            case .delete(let key, _, _): tell(.removed(key: key, revision: revision))
            case .check: break
            }
        }
        tell(.caughtUp)
    }

    @discardableResult
    private mutating func commit(_ writes: [RecordWrite]) -> Int64? {
        table.commit(writes)
    }
}
