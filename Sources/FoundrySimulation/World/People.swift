import FoundryModel
import FoundryRules

/// What operators do.
enum PeopleVerb: Hashable, Sendable {
    case drain(cell: Int)
    case undrain(cell: Int)
    case fence(cell: Int)
    case unfence(cell: Int)
    /// Says that a cell is off, without looking.
    case confirm(cell: Int)
    /// Looks first.
    case confirmTruthfully(cell: Int)
    case maintenance(Bool)
    case releaseBrake
    case scale(workload: Int, replicas: Int)
    case restart(workload: Int)
    case stop(workload: Int)
    case start(workload: Int)
    case delete(workload: Int, purge: Bool)
    case pushAgain(workload: Int)
    case adopt(fork: VolumeID)
}

/// A transaction that people have asked for, through a server.
struct OperatorOrder {
    var number: Int
    var writes: [RecordWrite]
}

/// Those who run the cluster.
struct People {
    /// Transactions that must happen, in order: they are asked for until they do.
    var agenda: [[RecordWrite]] = []
    var asked = 0
    var isWaiting = false
    var refused = 0
    var done = 0
    var conflicts = 0
    /// Since when the brake is on, as they saw it.
    var brakeSeen: SimulationTime?
}

extension World {
    /// Every second: the agenda, and what a careful operator does.
    func peopleAct() {
        queue.push(.operatorActs, after: .seconds(1))
        backUp()
        workOnAgenda()
        watchBrake()
    }

    private func workOnAgenda() {
        guard !people.isWaiting, let next = people.agenda.first, let server = anyServer else { return }
        people.isWaiting = true
        people.asked += 1
        server.call(.commit(next), .order(OperatorOrder(number: people.asked, writes: next)))
    }

    func orderEnded(_ order: OperatorOrder, _ answer: StoreAnswer?) {
        guard order.number == people.asked, people.isWaiting else {
            if case .conflict? = answer { people.conflicts += 1 }
            return
        }
        guard order.number > 0 else { return }
        people.isWaiting = false
        switch answer {
        // What is there already was written by an earlier try whose answer was lost.
        case .committed, .conflict: if people.agenda.first == order.writes { people.agenda.removeFirst() }
        case .unavailable, .alive, .snapshot, nil: break
        }
    }

    /// Somebody looks at it after a while, and lets the fencing go on.
    private func watchBrake() {
        guard let server = anyServer, server.view.switches.brake != nil else { return people.brakeSeen = nil }
        let since = people.brakeSeen ?? now
        people.brakeSeen = since
        if now - since > .seconds(25) {
            people(.releaseBrake)
            people.brakeSeen = nil
        }
    }

    /// A server that answers, and knows something.
    var anyServer: ServerNode? {
        let able = servers.filter { $0.process.runs && $0.machine.runs && $0.view.revision > 0 && !$0.isLoading }
        if let able = able.first(where: { $0.isController }) { return able }
        if let able = able.first { return able }
        return servers.first { $0.process.runs && $0.machine.runs }
    }

    /// Somebody asks for something, through a server.
    func people(_ verb: PeopleVerb) {
        guard let server = anyServer else { return }
        do throws(FoundryError) {
            let writes = try plan(verb, server)
            guard !writes.isEmpty else { return }
            people.done += 1
            server.call(.commit(writes), .order(OperatorOrder(number: 0, writes: writes)))
        } catch {
            people.refused += 1
        }
    }

    private func plan(_ verb: PeopleVerb, _ server: ServerNode) throws(FoundryError) -> [RecordWrite] {
        let view = server.view
        let wall = server.now.wall
        func cell(_ index: Int) -> CellID { names.cells[index] }
        switch verb {
        case .drain(let index):
            counters.count(.operatorDrained)
            return try OperatorVerbs.drain(cell(index), view: view, now: wall, using: &random.people).writes
        case .undrain(let index):
            return try OperatorVerbs.undrain(cell(index), view: view, now: wall, using: &random.people).writes
        case .fence(let index):
            counters.count(.operatorFenced)
            return try OperatorVerbs.fence(cell(index), view: view, now: wall, using: &random.people).writes
        case .unfence(let index):
            counters.count(.operatorUnfenced)
            return try OperatorVerbs.unfence(cell(index), view: view, now: wall, using: &random.people).writes
        case .confirm(let index): return try confirm(index, server)
        case .confirmTruthfully(let index):
            let order = cells.indices.map { ($0 + index) % cells.count }
            guard let dark = order.first(where: { !cells[$0].machine.isOn }) else { return [] }
            return try confirm(dark, server)
        case .maintenance(let isOn):
            counters.count(.operatorMaintenance)
            return OperatorVerbs.maintenance(isOn, view: view, now: wall, using: &random.people).writes
        case .releaseBrake: return OperatorVerbs.releaseBrake(view: view, now: wall, using: &random.people).writes
        case .scale(let workload, let replicas):
            counters.count(.operatorScaled)
            guard let app = view.apps[workloads[workload].id] else { return [] }
            guard workloads[workload].isIndependent else {
                return try OperatorVerbs.scale(app, replicas: replicas, now: wall, using: &random.people).writes
            }
            let wanted = try ScaleRequest(instances: replicas + 1, memory: nil, cpu: nil, disk: nil, restarts: false)
            return try AppVerbs.scale(app, wanted, used: nil, view: view, now: wall, using: &random.people).writes
        case .adopt(let fork):
            return try OperatorVerbs.adopt(fork: fork, view: view, now: wall, using: &random.people).writes
        case .restart, .stop, .start, .delete, .pushAgain: return try planApp(verb, view, wall)
        }
    }

    /// Another version of its program: one in three does not come up.
    private func version(of spec: WorkloadSpec, _ number: Int) -> WorkloadSpec {
        var spec = spec
        spec.environment["VERSION"] = "\(number)"
        spec.environment[Engine.brokenVersion] = random.people.index(below: 3) == 0 ? "yes" : nil
        return spec
    }

    private func confirm(_ index: Int, _ server: ServerNode) throws(FoundryError) -> [RecordWrite] {
        counters.count(.operatorConfirmed)
        let sight: CellSight = server.isController ? server.sight(of: names.cells[index]) : .unheard
        return try OperatorVerbs.confirm(
            names.cells[index], sight: sight, view: server.view, now: server.now.wall, using: &random.people
        ).writes
    }

    private func planApp(
        _ verb: PeopleVerb, _ view: PlatformView, _ wall: Timestamp
    ) throws(FoundryError) -> [RecordWrite] {
        switch verb {
        case .restart(let workload):
            guard let app = view.apps[workloads[workload].id] else { return [] }
            let members = view.memberRecords(of: app.value.id)
            return try AppVerbs.restart(app, members: members, now: wall, using: &random.people).writes
        case .stop(let workload):
            guard let app = view.apps[workloads[workload].id] else { return [] }
            return try AppVerbs.stop(app, now: wall, using: &random.people).writes
        case .start(let workload):
            guard let app = view.apps[workloads[workload].id] else { return [] }
            return try AppVerbs.start(app, now: wall, using: &random.people).writes
        case .delete(let workload, let purge):
            counters.count(.operatorDeleted)
            guard let app = view.apps[workloads[workload].id] else { return [] }
            return try AppVerbs.delete(app, purge: purge, now: wall, using: &random.people).writes
        case .pushAgain(let workload):
            counters.count(.operatorPushedAgain)
            let workload = workloads[workload]
            guard let app = view.apps[workload.id] else {
                return appWrites(workload, version(of: workload.spec, 1), at: wall)
            }
            let spec = version(of: app.value.spec, app.value.generation)
            return try OperatorVerbs.change(app, to: spec, view: view, now: wall, using: &random.people).writes
        case .drain, .undrain, .fence, .unfence, .confirm, .confirmTruthfully, .maintenance, .releaseBrake, .scale,
            .adopt:
            return []
        }
    }
}
