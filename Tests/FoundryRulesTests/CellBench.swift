import FoundryModel
import FoundryRules

/// A cell's machine over a modelled one: effects are done as they are decided, in order, unless a test holds them.
struct CellBench {
    static let volume = VolumeID("v1")!
    static let member = MemberID("demo")!

    var now: Int64 = 0
    var world = ModelMachine()
    private(set) var machine = Self.newMachine()
    private(set) var probes: [HealthProbeOrder] = []
    /// Decided and not done, while `isHolding`.
    private(set) var held: [CellEffect] = []
    var isHolding = false

    private static func newMachine() -> CellMachine {
        CellMachine(subnet: Samples.configuration().subnet, limits: Samples.configuration().restart)
    }

    var moment: Moment { Samples.moment(now) }

    /// A new process of the cell.
    @discardableResult
    mutating func begin() -> [CellEffect] {
        (machine, held, probes) = (Self.newMachine(), [], [])
        return tell(.observed(world.observe()))
    }

    /// - Returns: what was decided, and done unless it is held.
    @discardableResult
    mutating func tell(_ event: CellEvent) -> [CellEffect] {
        var all: [CellEffect] = []
        var waiting = decide(event)
        while !waiting.isEmpty {
            let effect = waiting.removeFirst()
            all.append(effect)
            if isHolding {
                held.append(effect)
            } else {
                let result = world.apply(effect, now: moment.wall)
                waiting += decide(.done(effect, result))
            }
        }
        return all
    }

    /// The rejection of an event; nil when it was taken.
    mutating func rejection(_ event: CellEvent) -> CellRejection? {
        if case .failure(let refused) = machine.handle(event, now: moment) { return refused.reason }
        return nil
    }

    @discardableResult
    mutating func orders(
        _ revision: Int64, run: Bool = true, generation: Int = 1, hasVolume: Bool = true, epoch: UInt64 = 1,
        sealedAt: UInt64? = nil,
        purpose: VolumePurpose? = nil, health: HealthCheck = HealthCheck(port: 6_379), term: UInt64 = 1
    ) -> [CellEffect] {
        tell(
            .orders(
                Self.orders(
                    revision, run: run, generation: generation, hasVolume: hasVolume, epoch: epoch, sealedAt: sealedAt,
                    purpose: purpose,
                    health: health, term: term)))
    }

    /// - Parameter sealedAt: nil: its taking is recorded.
    static func orders(
        _ revision: Int64, run: Bool = true, generation: Int = 1, hasVolume: Bool = true, epoch: UInt64 = 1,
        sealedAt: UInt64? = nil,
        purpose: VolumePurpose? = nil, health: HealthCheck = HealthCheck(port: 6_379), term: UInt64 = 1
    ) -> CellOrders {
        var spec = Samples.spec(disk: hasVolume ? .megabytes(100) : nil)
        spec.health = health
        let order = MemberOrder(
            id: member, app: AppID("app-demo")!, name: "demo/0", generation: generation, run: run, slot: 2, spec: spec,
            volume: hasVolume ? volume : nil)
        let serve = VolumePurpose.serve(member, sealedAt: Epoch(sealedAt ?? epoch), mayCreate: sealedAt == 0)
        let held = VolumeOrder(
            id: volume, lineage: LineageID("lineage-v1")!, branch: 1, epoch: Epoch(epoch), size: .megabytes(100),
            directories: [],
            purpose: purpose ?? (run ? serve : .keep))
        return CellOrders(revision: revision, term: Term(term), members: [order], volumes: hasVolume ? [held] : [])
    }

    /// With a member that runs and answers.
    static func serving(hasVolume: Bool = true, health: HealthCheck = HealthCheck(port: 6_379)) -> CellBench {
        var bench = CellBench()
        bench.begin()
        bench.orders(1, hasVolume: hasVolume, sealedAt: 0, health: health)
        bench.orders(2, hasVolume: hasVolume, health: health)
        bench.probe(true)
        return bench
    }

    /// Answers the check that is due, if one is.
    @discardableResult
    mutating func probe(_ isServing: Bool) -> [CellEffect] {
        guard let probe = probes.popLast() else { return [] }
        probes = []
        return tell(.probed(probe.member, pid: probe.pid, probe.role, isServing ? .serves : .fails(.refused)))
    }

    /// Members to be asked what they are.
    mutating func roleQuestions() -> [EngineRoleQuestion] { machine.takeRoleQuestions(now: moment.monotonic) }

    /// What is asked now.
    var roles: Set<CheckRole> { Set(probes.map(\.role)) }

    /// Answers a check that is due; nothing happens when it is not.
    @discardableResult
    mutating func answer(_ role: CheckRole, _ verdict: CheckVerdict) -> [CellEffect] {
        guard let index = probes.firstIndex(where: { $0.role == role }) else { return [] }
        let probe = probes.remove(at: index)
        return tell(.probed(probe.member, pid: probe.pid, role, verdict))
    }

    @discardableResult
    mutating func tick(_ time: Int64) -> [CellEffect] {
        now = time
        return tell(.tick)
    }

    @discardableResult
    mutating func end() -> [CellEffect] {
        world.endProcess(Self.member, now: moment.wall).map { tell(.containerChanged($0)) } ?? []
    }

    mutating func fail(_ effect: CellEffect) -> [CellEffect] {
        held.removeAll { $0 == effect }
        return tell(.failed(effect, FoundryError(.commandFailed, "A program failed.")))
    }

    mutating func finish(_ effect: CellEffect) -> [CellEffect] {
        held.removeAll { $0 == effect }
        return tell(.done(effect, world.apply(effect, now: moment.wall)))
    }

    var report: CellReport? { machine.report(cell: Samples.cell, sequence: 1) }
    var status: MemberStatus? { report?.members.first }
    var isRunning: Bool { world.isRunning(Self.member) }

    private mutating func decide(_ event: CellEvent) -> [CellEffect] {
        guard case .success(let effects) = machine.handle(event, now: moment) else { return [] }
        probes += machine.takeProbes(now: moment.monotonic)
        return effects
    }
}
