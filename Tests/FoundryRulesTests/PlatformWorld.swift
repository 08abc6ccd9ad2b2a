import FoundryModel
import FoundryRules
import FoundryTestSupport

/// The whole of one machine in one value: a store, the controller's machine, the cell's machine and a model of what they act on. Any of them can be
/// killed before or after any effect.
struct PlatformWorld {
    var random: Seeded
    var now: Int64 = 0
    private var table = RecordTable()
    private var controller: ControllerMachine
    private var cell: CellMachine
    var machine = ModelMachine()
    private var cellEffects: [CellEffect] = []
    private var sequence: Int64 = 0
    private(set) var controllerDone: [ControllerEffectName: Int] = [:]
    /// The chance, in percent, that a process is killed around an effect.
    var killPercent = 0
    let configuration = Samples.configuration()

    init(seed: UInt64) {
        random = Seeded(seed)
        controller = ControllerMachine(configuration: configuration)
        cell = CellMachine(subnet: configuration.subnet, limits: configuration.restart)
        machine.growsAtRest = seed.isMultiple(of: 3)
        restartController()
        restartCell()
    }

    var moment: Moment { Samples.moment(now) }
    var view: PlatformView { controller.view }
    var records: [String: (record: Record, revision: Int64)] { table.records }

    /// As the volume's label has it.
    func size(of member: MemberRecord) -> ByteCount? {
        guard case .label(let label)? = member.volume.flatMap({ machine.volumes[$0]?.label }) else { return nil }
        return label.size
    }

    // What users do

    mutating func push(_ request: PushRequest, image: ResolvedImage) throws(FoundryError) -> PushPlan {
        let plan = try PushPlanner.plan(
            request, image: image, view: controller.view, configuration: configuration, now: moment.wall, using: &random
        )
        _ = commit(plan.writes)
        return plan
    }

    mutating func apply(_ plan: VerbPlan) { _ = commit(plan.writes) }

    mutating func randomVerb() {
        guard
            let app = controller.view.apps.values.sorted(by: { $0.value.id < $1.value.id }).randomElement(
                using: &random)
        else { return }
        do throws(FoundryError) {
            switch Int.random(in: 0..<11, using: &random) {
            case 0, 1: apply(try AppVerbs.stop(app, now: moment.wall, using: &random))
            case 2, 3: apply(try AppVerbs.start(app, now: moment.wall, using: &random))
            case 4:
                let members = controller.view.memberRecords(of: app.value.id)
                apply(try AppVerbs.restart(app, members: members, now: moment.wall, using: &random))
            case 5: apply(try randomScale(app))
            case 6: try randomSnapshot(app)
            case 7: try randomClone(app)
            case 8: try randomRewind(app)
            case 9: try randomVolumeRemoval()
            default: apply(try AppVerbs.delete(app, purge: random.chance(50), now: moment.wall, using: &random))
            }
        } catch {
            // Refused, as a deleted app's verbs are: nothing changed.
        }
    }

    private mutating func randomScale(_ app: Revised<AppRecord>) throws(FoundryError) -> VerbPlan {
        let memory = random.chance(50) ? nil : "\(Int.random(in: 8...64, using: &random))M"
        let size = app.value.spec.disk.map { $0.size.bytes >> 20 } ?? 0
        let disk = size == 0 || random.chance(50) ? nil : "\(size + Int64.random(in: 0...8, using: &random))M"
        let request = try ScaleRequest(memory: memory, cpu: nil, disk: disk, restarts: random.chance(50))
        return try AppVerbs.scale(
            app, request, used: nil, view: controller.view, now: moment.wall, using: &random)
    }

    /// One more of an app, or one less of any.
    private mutating func randomSnapshot(_ app: Revised<AppRecord>) throws(FoundryError) {
        let all = controller.view.snapshots.values.sorted { $0.value.id < $1.value.id }
        if let one = all.randomElement(using: &random), random.chance(40) {
            let plan = try SnapshotRule.remove(
                one, by: "operator", view: controller.view, now: moment.wall, using: &random)
            _ = commit(plan.writes)
        } else {
            let plan = try SnapshotRule.take(
                app, name: nil, by: "operator", view: controller.view, configuration: configuration, now: moment.wall,
                using: &random)
            _ = commit(plan.writes)
        }
    }

    /// From one of its snapshots, or from one that is taken for it.
    private mutating func randomClone(_ app: Revised<AppRecord>) throws(FoundryError) {
        let own = controller.view.snapshots(of: app.value.id).randomElement(using: &random)
        let request = CloneRequest(
            name: "\(app.value.name.description.prefix(6))-c\(Int.random(in: 0...2, using: &random))",
            snapshot: random.chance(50) ? own?.id : nil)
        let plan = try CloneRule.plan(
            app, request, by: "operator", view: controller.view, configuration: configuration, now: moment.wall,
            using: &random)
        _ = commit(plan.writes)
    }

    /// To one of its snapshots, or to what it was before it was rewound.
    private mutating func randomRewind(_ app: Revised<AppRecord>) throws(FoundryError) {
        let forks = controller.view.volumes(of: app.value.id).filter { volume in
            if case .forked = volume.phase { return true }
            return false
        }
        let target: RewindTarget
        if let fork = forks.randomElement(using: &random), random.chance(40) {
            target = .copy(fork.id)
        } else if let snapshot = controller.view.snapshots(of: app.value.id).randomElement(using: &random) {
            target = .snapshot(snapshot.id)
        } else {
            return try randomSnapshot(app)
        }
        let plan = try RewindRule.plan(
            app, to: target, insteadOf: nil, by: "operator", view: controller.view, configuration: configuration,
            now: moment.wall, using: &random)
        _ = commit(plan.writes)
    }

    private mutating func randomVolumeRemoval() throws(FoundryError) {
        let all = controller.view.volumes.values.sorted { $0.value.id < $1.value.id }
        guard let volume = all.randomElement(using: &random) else { return }
        let plan = try KeptVolumeRule.remove(
            volume, purge: random.chance(50), graceDays: 7, by: "operator", now: moment.wall, using: &random)
        _ = commit(plan.writes)
    }

    mutating func randomStopOrStart() {
        guard
            let app = controller.view.apps.values.sorted(by: { $0.value.id < $1.value.id }).randomElement(
                using: &random)
        else { return }
        let plan =
            random.chance(50)
            ? try? AppVerbs.stop(app, now: moment.wall, using: &random)
            : try? AppVerbs.start(app, now: moment.wall, using: &random)
        if let plan { apply(plan) }
    }

    // What happens

    mutating func step() {
        now += Int64.random(in: 1...80, using: &random)
        machine.write()
        feedController(.tick)
        report()
        feedCell(.orders(controller.view.cellOrders(for: Samples.cell, term: Term(1))))
        feedCell(.tick)
        performCellEffects()
        endProcesses()
        for probe in cell.takeProbes(now: moment.monotonic) {
            feedCell(
                .probed(
                    probe.member, pid: probe.pid, probe.role,
                    machine.isRunning(probe.member) ? .serves : .fails(.refused)))
        }
    }

    mutating func crashMember() {
        guard let member = machine.observe().containers.randomElement(using: &random)?.member else { return }
        let change = random.chance(70) ? machine.endProcess(member, now: moment.wall) : machine.killMonitor(member)
        if let change { feedCell(.containerChanged(change)) }
    }

    mutating func restartController() {
        controller = ControllerMachine(configuration: configuration)
        for (_, entry) in records.sorted(by: { $0.value.revision < $1.value.revision }) {
            _ = controller.handle(.record(entry.record, revision: entry.revision), now: moment, using: &random)
        }
        feedController(.caughtUp)
    }

    mutating func restartCell() {
        cell = CellMachine(subnet: configuration.subnet, limits: configuration.restart)
        cellEffects = []
        feedCell(.observed(machine.observe()))
    }

    // How it hangs together

    private mutating func feedController(_ event: ControllerEvent) {
        let effects = controller.handle(event, now: moment, using: &random)
        for effect in effects {
            if random.chance(killPercent) { return restartController() }
            controllerDone[effect.name, default: 0] += 1
            let revision = commit(effect.writes, feeding: false)
            if random.chance(killPercent) { return restartController() }
            if let revision {
                deliver(effect.writes, revision)
                feedController(.committed(effect, revision: revision))
                feedController(.caughtUp)
            } else {
                feedController(.conflicted(effect))
            }
        }
    }

    private mutating func feedCell(_ event: CellEvent) {
        if case .success(let effects) = cell.handle(event, now: moment) { cellEffects += effects }
    }

    /// Effects end in any order, and not all in one step.
    private mutating func performCellEffects() {
        for _ in 0..<cellEffects.count where !cellEffects.isEmpty && random.chance(80) {
            let effect = cellEffects.remove(at: Int.random(in: 0..<cellEffects.count, using: &random))
            if random.chance(killPercent) {
                if random.chance(50) { machine.applyHalf(effect) }
                return restartCell()
            }
            if fails(effect) {
                feedCell(.failed(effect, FoundryError(.timedOut, "Writes would have been held for too long.")))
                continue
            }
            let result = machine.apply(effect, now: moment.wall)
            if random.chance(killPercent) { return restartCell() }
            feedCell(.done(effect, result))
        }
    }

    private mutating func fails(_ effect: CellEffect) -> Bool {
        switch effect {
        case .takeSnapshot, .cloneVolume: random.chance(20)
        default: false
        }
    }

    private mutating func endProcesses() {
        for member in machine.ending.sorted() where random.chance(60) {
            if let change = machine.endProcess(member, now: moment.wall) { feedCell(.containerChanged(change)) }
        }
    }

    private mutating func report() {
        sequence += 1
        guard let report = cell.report(cell: Samples.cell, sequence: sequence) else { return }
        feedController(.cellReport(report))
        let orders = controller.view.routerOrders()
        feedController(
            .routerReport(
                RouterReport(
                    ordersRevision: orders.revision, applied: orders.routes.filter { $0.target != nil }, problem: nil)))
    }

    private mutating func commit(_ writes: [RecordWrite], feeding: Bool = true) -> Int64? {
        guard let revision = table.commit(writes) else { return nil }
        if feeding {
            deliver(writes, revision)
            feedController(.caughtUp)
        }
        return revision
    }

    private mutating func deliver(_ writes: [RecordWrite], _ revision: Int64) {
        for write in writes {
            switch write {
            case .put(let record, _):
                _ = controller.handle(.record(record, revision: revision), now: moment, using: &random)
            case .delete(let key, _, _):
                _ = controller.handle(.removed(key: key, revision: revision), now: moment, using: &random)
            case .check: break
            }
        }
    }
}
