import FoundryModel
import FoundryRules
import FoundryTestSupport

/// The lives of records: a controller and its cells are run through everything that operators and faults do, and each change of a record is written down
/// with the transaction that made it.
struct TransitionRecords {
    private(set) var volumes = TransitionTable(
        "A volume's record", "`VolumeRecord.phase`; `removed`: there is no record.")
    private(set) var guards = TransitionTable("A guard", "`VolumeRecord.guardState`, of volumes that exist.")
    private(set) var fences = TransitionTable("A fence", "`FenceRecord`: its state, and the evidence that it gains.")
    private(set) var rollouts = TransitionTable("A rollout", "`AppRecord.rollout`.")
    private var bench = ClusterBench(cells: 4)
    private var records: [String: Record] = [:]
    private var read = 0
    private var random: Seeded

    /// - Parameter seeds: each takes a second or two.
    static func run(_ seeds: Range<UInt64>) -> [TransitionTable] {
        var all = Self(seed: seeds.lowerBound)
        for seed in seeds {
            var (next, old) = (Self(seed: seed), all)
            next.take(from: &old)
            next.live()
            all = next
        }
        all.volumes.sort(by: ["removed", "allotted", "held", "sealed", "follows", "forked", "kept", "purging"])
        all.guards.sort(by: ["off", "ordered", "on"])
        all.fences.sort(by: ["none", "open", "lifted"])
        all.rollouts.sort(by: ["none", "rolling", "goes back"])
        return [all.volumes, all.guards, all.fences, all.rollouts]
    }

    /// What the controller of such a world overlooked.
    static func overlooked(_ seed: UInt64) -> [String] {
        var world = Self(seed: seed)
        world.live()
        return world.bench.overlooked
    }

    private init(seed: UInt64) { random = Seeded(seed) }

    private mutating func take(from other: inout Self) {
        (volumes, guards, fences, rollouts) = (other.volumes, other.guards, other.fences, other.rollouts)
    }

    // What happens

    private mutating func live() {
        let hasPower = random.chance(50)
        for cell in bench.view.cells.values.sorted(by: { $0.value.id < $1.value.id }) where hasPower {
            var next = cell.value
            next.power = [[PowerDevice(name: "pdu-\(cell.value.id)", isDrilled: true)]]
            bench.write([.put(.cell(next), expects: .revision(cell.revision))], as: "cell.power")
        }
        for index in 0..<5 { push(index) }
        for _ in 0..<70 {
            act()
            bench.pass(random.chance(30) ? 10_000 : 1_000)
            write()
        }
        bench.now += 8 * 86_400_000
        for cell in 1...4 { bench.living.insert(ClusterBench.cell(cell)) }
        bench.pass(20_000)
        write()
    }

    private mutating func push(_ index: Int) {
        let name = "a\(bench.view.apps.count)\(index)"
        _ = bench.push(name) { spec in
            spec.restartPolicy = index % 2 == 0 ? .consistent : .available
            spec.recovery.replicas = index % 3
            spec.recovery.fence = index == 2 ? .power : .session
            if index % 3 == 0, spec.restartPolicy == .available { spec.recovery.whenLost = .empty }
        }
    }

    private mutating func act() {
        let cell = ClusterBench.cell(Int.random(in: 1...4, using: &random))
        switch Int.random(in: 0..<19, using: &random) {
        case 0, 1, 2: if bench.living.count > 3 { bench.living.remove(cell) }
        case 3, 4: bench.living.insert(cell)
        case 5: if !bench.living.contains(cell) { bench.reboot(cell) }
        case 6: bench.deaf.formSymmetricDifference([cell])
        case 7: operate { try OperatorVerbs.drain(cell, view: $0, now: $1, using: &$2) }
        case 8: operate { try OperatorVerbs.undrain(cell, view: $0, now: $1, using: &$2) }
        case 9: operate { try OperatorVerbs.fence(cell, view: $0, now: $1, using: &$2) }
        case 10: operate { try OperatorVerbs.unfence(cell, view: $0, now: $1, using: &$2) }
        case 11:
            let sight = bench.machine.sight(of: cell, now: bench.moment.monotonic)
            operate { try OperatorVerbs.confirm(cell, sight: sight, view: $0, now: $1, using: &$2) }
        case 12:
            let isOn = random.chance(40)
            operate { OperatorVerbs.maintenance(isOn, view: $0, now: $1, using: &$2) }
        case 13: operate { OperatorVerbs.releaseBrake(view: $0, now: $1, using: &$2) }
        case 14: verb()
        case 15: pushAgain()
        case 16: meetForks()
        case 17: if random.chance(30) { restore() }
        default: if bench.view.apps.count < 7 { push(Int.random(in: 0..<5, using: &random)) }
        }
    }

    private mutating func operate(
        _ plan: (PlatformView, Timestamp, inout Seeded) throws -> OperatorPlan
    ) {
        guard let plan = try? plan(bench.view, bench.moment.wall, &random), !plan.isUnchanged else { return }
        bench.write(plan.writes, as: plan.name)
    }

    private mutating func verb() {
        let apps = bench.view.apps.values.sorted { $0.value.id < $1.value.id }
        guard let app = apps.randomElement(using: &random) else { return }
        let now = bench.moment.wall
        let plan: VerbPlan?
        switch Int.random(in: 0..<5, using: &random) {
        case 0: plan = try? AppVerbs.stop(app, now: now, using: &random)
        case 1, 2: plan = try? AppVerbs.start(app, now: now, using: &random)
        case 3: plan = try? AppVerbs.delete(app, purge: random.chance(50), now: now, using: &random)
        default:
            let replicas = Int.random(in: 0...2, using: &random)
            return operate { try OperatorVerbs.scale(app, replicas: replicas, now: $1, using: &$2) }
        }
        if let plan { bench.write(plan.writes, as: plan.transactionName) }
    }

    /// A changed specification: it goes from member to member, or back.
    private mutating func pushAgain() {
        let apps = bench.view.apps.values.filter { $0.value.desired == .started && $0.value.rollout == nil }
        guard var app = apps.sorted(by: { $0.value.id < $1.value.id }).randomElement(using: &random) else { return }
        var writes: [RecordWrite] = []
        for member in bench.view.members(of: app.value.id) {
            guard var record = bench.view.members[member.id] else { continue }
            record.value.pinned = app.value.generation
            writes.append(.put(.member(record.value), expects: .revision(record.revision)))
        }
        app.value.rollout = Rollout(previous: app.value.spec, previousGeneration: app.value.generation)
        app.value.generation += 100
        if random.chance(50) { for turn in 0..<100 { bench.broken.insert(app.value.generation + turn) } }
        bench.write(writes + [.put(.app(app.value), expects: .revision(app.revision))], as: "app.push")
    }

    private mutating func meetForks() {
        let forks = bench.view.volumes.values.map(\.value).filter {
            if case .forked = $0.phase { return true }
            return false
        }
        guard let fork = forks.sorted(by: { $0.id < $1.id }).randomElement(using: &random) else { return }
        if random.chance(50) {
            operate { try OperatorVerbs.forget(fork: fork.id, graceDays: 7, view: $0, now: $1, using: &$2) }
        } else {
            if let app = bench.view.apps[fork.app],
                let stop = try? AppVerbs.stop(app, now: bench.moment.wall, using: &random)
            {
                bench.write(stop.writes, as: stop.transactionName)
                bench.pass(3_000)
            }
            operate { try OperatorVerbs.adopt(fork: fork.id, view: $0, now: $1, using: &$2) }
        }
    }

    /// The term that a restore ends is taken anew at once.
    private mutating func restore() {
        for plan in (try? OperatorVerbs.restore(view: bench.view, seen: 0, now: bench.moment.wall, using: &random))
            ?? []
        {
            let generation = bench.view.switches.generation + 1
            let term = TermRecord(term: Term(0).next(in: generation), since: bench.moment.wall)
            bench.write(plan.writes + [.put(.term(term), expects: .any)], as: plan.name)
        }
        bench.restart()
    }

    // What is written down

    private mutating func write() {
        for (name, writes) in bench.committed[read...] {
            for write in writes {
                switch write {
                case .put(let record, _): note(records[write.key], record, name)
                case .delete: note(records[write.key], nil, name)
                case .check: continue
                }
                if case .put(let record, _) = write { records[write.key] = record } else { records[write.key] = nil }
            }
        }
        read = bench.committed.count
    }

    private mutating func note(_ old: Record?, _ new: Record?, _ name: String) {
        switch (old, new) {
        case (.volume(let old)?, .volume(let new)?):
            volumes.add(Self.word(old.phase), "`\(name)`", Self.word(new.phase), [])
            guards.add(Self.word(old.guardState), "`\(name)`", Self.word(new.guardState), [])
        case (nil, .volume(let new)?): volumes.add("removed", "`\(name)`", Self.word(new.phase), [])
        case (.volume(let old)?, nil): volumes.add(Self.word(old.phase), "`\(name)`", "removed", [])
        case (nil, .fence(let new)?): fences.add("none", "`\(name)`", Self.word(new), Self.gain(nil, new))
        case (.fence(let old)?, .fence(let new)?):
            fences.add(Self.word(old), "`\(name)`", Self.word(new), Self.gain(old, new))
        case (.app(let old)?, .app(let new)?):
            rollouts.add(Self.word(old.rollout), "`\(name)`", Self.word(new.rollout), [])
        default: break
        }
    }

    private static func word(_ phase: VolumePhase) -> String {
        switch phase {
        case .allotted: "allotted"
        case .held: "held"
        case .sealed: "sealed"
        case .follows: "follows"
        case .forked: "forked"
        case .kept: "kept"
        case .purging: "purging"
        }
    }

    private static func word(_ state: GuardState) -> String {
        switch state {
        case .off: "off"
        case .ordered: "ordered"
        case .on: "on"
        }
    }

    private static func word(_ fence: FenceRecord) -> String { fence.state == .open ? "open" : "lifted" }

    /// Kinds of evidence that it has now, and had not before.
    private static func gain(_ old: FenceRecord?, _ new: FenceRecord) -> [String] {
        kinds(new).subtracting(old.map(kinds) ?? []).sorted().map { "gains \($0)" }
    }

    private static func kinds(_ fence: FenceRecord) -> Set<String> {
        Set(
            fence.evidence.map { evidence in
                switch evidence {
                case .word: "the cell's word"
                case .expiry: "the expiry"
                case .power: "power"
                case .person: "a person's word"
                }
            })
    }

    private static func word(_ rollout: Rollout?) -> String {
        switch rollout?.state {
        case nil: "none"
        case .rolling?: "rolling"
        case .goingBack?: "goes back"
        }
    }
}
