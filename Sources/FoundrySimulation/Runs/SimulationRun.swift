import FoundryModel
import FoundryRules

/// Carries a request out: a world, its faults, the healing, the quiet, and what was found.
public struct SimulationRun {
    private let request: RunRequest
    private let schedule: FaultSchedule
    private let world: World
    private let story: Story
    private var backup: StoreImage
    private var images: [DiskImage<CellFile>?]

    private static let backupPeriod = SimulationDuration.seconds(60)
    private static let lastTry = SimulationDuration.seconds(20)

    /// Runs it to its end, or to the first violation.
    public static func run(_ request: RunRequest) -> RunOutcome {
        var run = SimulationRun(request)
        run.carryOut()
        return run.outcome
    }

    private init(_ request: RunRequest) {
        self.request = request
        schedule = request.schedule()
        world = World(Self.settings(request))
        story = Story(limit: request.tells ? 400 : 0)
        backup = world.store.backup
        images = [DiskImage<CellFile>?](repeating: nil, count: world.cells.count)
        world.network.faults = FaultProfile(request.profile).network
        world.store.faults = .usual
        world.placeStrangers()
        world.setPausable(all: request.profile == .outside)
        let story = story
        if story.isKept { world.checker.tell = { story.tell($0, $1, $2) } }
    }

    private static func settings(_ request: RunRequest) -> WorldSettings {
        var settings = WorldSettings(seed: request.seed)
        settings.servers = request.size.servers
        settings.cells = request.size.cells
        settings.routers = request.size.routers
        settings.services = request.size.services
        settings.workloads = request.size.apps
        settings.zones = request.size.zones
        settings.capacity.memory = .megabytes(request.size.memory)
        settings.kind = request.size.kind
        settings.timing = request.timing
        return settings
    }

    private mutating func carryOut() {
        let heal = request.healsAt
        advance(to: RunRequest.warmUp)
        back()
        for step in schedule.steps where step.time <= heal {
            advance(to: step.time)
            guard world.violation == nil else { return }
            carryOut(step)
        }
        advance(to: heal)
        guard world.violation == nil else { return }
        story.tell(world.now, "world", "heals")
        world.healAll()
        advance(to: request.endsAt)
        guard world.violation == nil else { return }
        var found = QuietCheck(world).first()
        if found?.invariant == .converges {
            // What is tried again after minutes may begin in the last moment.
            advance(to: request.endsAt + Self.lastTry)
            guard world.violation == nil else { return }
            found = QuietCheck(world).first()
        }
        world.checker.report(found)
    }

    /// Lets time pass; a backup is made every minute.
    private mutating func advance(to time: SimulationTime) {
        while world.now < time, world.violation == nil {
            let period = Self.backupPeriod.microseconds
            let next = SimulationTime(microseconds: (world.now.microseconds / period + 1) * period)
            world.run(until: min(next, time))
            if world.now == next, world.now <= request.healsAt { back() }
        }
    }

    private mutating func back() {
        backup = world.store.backup
        guard schedule.faults.contains(where: { $0.kind == .cellRestoredFromImage }) else { return }
        for cell in world.cells where cell.machine.isOn { images[cell.index] = cell.disk.image }
    }

    private mutating func carryOut(_ step: FaultStep) {
        let fault = schedule.faults[step.place]
        story.tell(world.now, "\(fault.target)", "\(fault.kind) " + (step.begins ? "begins" : "ends"))
        guard step.begins else { return world.end(fault) }
        if fault.kind.shape.movesVolumes {
            // The sides of a partition are drawn by the world.
            let cell = fault.kind.isPartition ? nil : world.cell(of: fault.target)
            world.checker.moves.begin(cell: cell, from: fault.time, to: fault.end)
        }
        switch fault.kind {
        case .storeRestored: world.restoreStore(backup)
        case .cellRejoinedWiped, .cellCloned, .cellRestoredFromImage:
            world.replaceMachine(fault, images[world.index(fault.target)])
        default: world.begin(fault)
        }
    }

    private var outcome: RunOutcome {
        RunOutcome(
            request: request, violation: world.violation, reached: world.reached, events: world.events,
            fingerprint: world.trace,
            acknowledged: world.checker.acknowledgements.count,
            story: story.told)
    }
}

extension World {
    /// Volumes that were on the disks before the platform came: one that another installation left, and one that nobody can read.
    func placeStrangers() {
        for cell in cells {
            for name in ["x\(cell.index).1", "x\(cell.index).2"] {
                guard let id = VolumeID(name), let lineage = LineageID("x") else { continue }
                let volume = numbers.volume(id)
                var data = VolumeData()
                data.append(DataRun(epoch: Epoch(9), branch: 0, first: 1, count: 7))
                put(.setData(volume: volume, data), on: cell)
                let label = VolumeLabel(
                    volume: id, lineage: lineage, branch: 0, epoch: Epoch(9), role: .holder, sealed: false,
                    machineID: "another", size: .megabytes(1))
                let value: CellFile = name.hasSuffix("1") ? .label(label) : .probe(0)
                put(.replace(DiskFile(.outerLabel, volume), value), on: cell)
                checker.strangers.append(WorldChecker.Stranger(cell: cell.index, volume: volume, length: 7))
            }
        }
    }

    /// Machines under a hypervisor say so; where freezing is among the faults, all of them do.
    func setPausable(all: Bool) {
        for cell in cells where all || cell.index % 4 == 2 { cell.isPausable = true }
    }

    /// Nothing goes wrong any more, and people put right what they had turned.
    func healAll() {
        heal()
        services.isResting = true
        for cell in cells {
            setRate(ofMachine: cell.node, partsPerMillion: 0)
            cell.arePortsBroken = false
            for place in devices.indices where devices[place].name.hasSuffix(".\(cell.id)") {
                devices[place].cell = cell.index
            }
        }
        for member in store.members.indices {
            store.setLag(.milliseconds(1), ofMember: member)
            store.resume(member: member, at: now)
        }
        drainStore()
        var wait = SimulationDuration.seconds(20)
        for cell in cells {
            schedule(.people(.undrain(cell: cell.index)), after: wait)
            schedule(.people(.unfence(cell: cell.index)), after: wait + .milliseconds(500))
            wait = wait + .seconds(1)
        }
        schedule(.people(.maintenance(false)), after: .seconds(18))
        for workload in workloads { schedule(.people(.start(workload: workload.index)), after: wait) }
    }

    /// Names and counts of everything that a run is to reach.
    var reached: ReachedCounters {
        var counts = FaultKind.allCases.map { (name: "fault \($0)", count: counters[$0]) }
        counts += EvidenceKind.allCases.map { ("evidence \($0)", checker.evidence.reached[$0.rawValue]) }
        counts += ControllerEffectName.allCases.map { ("step \($0.rawValue)", reachedEffects[$0.rawValue] ?? 0) }
        counts += CellEffectName.allCases.map { ("effect \($0.rawValue)", reachedEffects[$0.rawValue] ?? 0) }
        counts += RefusalKind.allCases.map { ("refusal \($0.rawValue)", reachedRefusals[$0] ?? 0) }
        counts += EventName.allCases.map { ("event \($0.rawValue)", checker.events[$0]) }
        counts.append(("move", checker.moves.moves))
        counts.append(("operator refused", people.refused))
        counts.append(("operator done", people.done))
        return ReachedCounters(counts: counts)
    }
}
