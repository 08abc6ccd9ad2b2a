import FoundryModel
import FoundryRules
import FoundryTestSupport

/// One cell among many, under orders that change at random: sessions come and go, guards fire, fences ask, roles change, the cell is killed. What must never
/// happen is checked by the modelled machine and here.
struct CellGuardedWorld {
    var random: Seeded
    private(set) var violations: [String] = []
    private(set) var reached: [CellEffectName: Int] = [:]
    private(set) var words = 0
    private var machine = ModelMachine()
    private var cell = CellMachine(subnet: "10.77.3", limits: Samples.configuration().restart)
    private var effects: [CellEffect] = []
    private var now: Int64 = 0
    private var orders = CellOrders(revision: 0, term: Term(1), members: [], volumes: [])
    private var session: SessionID?
    private var sessions = 0
    private var members: [(order: MemberOrder, volume: VolumeOrder)] = []
    /// The newest epoch promised of each volume, as any report said.
    private var promised: [VolumeID: Epoch] = [:]

    init(seed: UInt64) {
        random = Seeded(seed)
        machine.incarnation = IncarnationID("i1")
        for number in 0..<3 {
            let (member, volume) = (MemberID("m\(number)")!, VolumeID("v\(number)")!)
            members.append(
                (
                    MemberOrder(
                        id: member, app: AppID("a\(number)")!, name: "a\(number)/0", generation: 1, run: true,
                        slot: 2 + number, spec: Samples.spec(), volume: volume),
                    VolumeOrder(
                        id: volume, lineage: LineageID("l\(number)")!, branch: 1, epoch: Epoch(1),
                        size: .megabytes(100), directories: [],
                        purpose: .serve(member, sealedAt: .none, mayCreate: true))
                ))
        }
        restart()
    }

    private var moment: Moment { Samples.moment(now) }

    mutating func step() {
        now += Int64.random(in: 1...120, using: &random)
        for index in members.indices { control(index) }
        if random.chance(12) { changeSession() }
        if random.chance(4) { fire() }
        if random.chance(70) { order() }
        feed(.tick)
        for _ in 0..<effects.count where !effects.isEmpty && random.chance(80) { if !performOne() { return } }
        endProcesses()
        for probe in cell.takeProbes(now: moment.monotonic) {
            feed(
                .probed(
                    probe.member, pid: probe.pid, probe.role,
                    machine.isRunning(probe.member) ? .serves : .fails(.refused)))
        }
        if random.chance(2) { restart() }
        listen()
    }

    /// Everything is ordered to run, under one session; the same as at the end of any story.
    mutating func settle() {
        for index in members.indices {
            members[index].order.run = true
            members[index].order.isGuarded = index == 0
        }
        orders.fences = []
        for _ in 0..<120 {
            now += 400
            for index in members.indices { grantAnew(index) }
            if session == nil { changeSession(to: true) }
            order()
            feed(.tick)
            while !effects.isEmpty { _ = performOne(kills: false) }
            endProcesses()
            for probe in cell.takeProbes(now: moment.monotonic) {
                feed(
                    .probed(
                        probe.member, pid: probe.pid, probe.role,
                        machine.isRunning(probe.member) ? .serves : .fails(.refused)))
            }
        }
        now += 400_000
        for _ in 0..<40 {
            now += 400
            feed(.tick)
            while !effects.isEmpty { _ = performOne(kills: false) }
        }
        for member in members {
            let isRunning = machine.isRunning(member.order.id)
            check(
                isRunning,
                "\(member.order.id) does not run in the end: \(String(describing: status(member.order.id))), \(member.volume.purpose) \(String(describing: cell.report(cell: Samples.cell, sequence: 1)?.volumes.first { $0.id == member.volume.id }))"
            )
        }
        let guarded = Set(members.filter(\.order.isGuarded).map(\.order.id))
        let below = machine.guarded
        check(below == guarded, "guarded in the end: \(below), ordered: \(guarded)")
        let claims = cell.guardedVolumes().map(\.volume)
        check(claims == [VolumeID("v0")!], "claims \(claims)")
    }

    func status(_ member: MemberID) -> MemberPhase? {
        cell.report(cell: Samples.cell, sequence: 1)?.members.first { $0.id == member }?.phase
    }

    // What the control plane does

    private mutating func control(_ index: Int) {
        switch Int.random(in: 0..<40, using: &random) {
        case 0: members[index].order.run.toggle()
        case 1: members[index].order.isGuarded.toggle()
        case 2: members[index].order.generation += 1
        case 3:
            let volume = members[index].volume
            let fence = FenceOrder(
                fence: FenceID("f\(index)-\(volume.epoch)")!,
                promises: [VolumePromise(volume: volume.id, epoch: volume.epoch)])
            orders.fences = orders.fences.filter { $0.promises.first?.volume != volume.id } + [fence]
        case 4: orders.fences.removeAll { $0.promises.first?.volume == members[index].volume.id }
        case 5:
            members[index].order.waitsFor = random.chance(50) ? [] : [MemberID("other")!]
        default: grantAnew(index)
        }
        let member = members[index].order
        if !member.run, members[index].volume.purpose != .keep { members[index].volume.purpose = .keep }
    }

    /// Follows what the cell reports, as the controller does: taken under its epoch, or sealed and to be granted anew.
    private mutating func grantAnew(_ index: Int) {
        let member = members[index].order
        let report = cell.report(cell: Samples.cell, sequence: 1)
        var volume = members[index].volume
        guard member.run else { return }
        let refusal = report?.members.first { $0.id == member.id }.flatMap { status -> ErrorCode? in
            if case .refused(let error) = status.phase { return error.code }
            return nil
        }
        guard let label = report?.volumes.first(where: { $0.id == volume.id })?.label, label.epoch > .none else {
            if refusal == .volumeOlder { volume.epoch = volume.epoch.next }
            volume.purpose = .serve(member.id, sealedAt: .none, mayCreate: true)
            members[index].volume = volume
            return
        }
        // Sealed under its epoch; or fenced before it was taken.
        let isOver = volume.purpose == .keep || label.epoch == volume.epoch || refusal == .volumeOlder
        if label.sealed, isOver {
            volume.epoch = max(volume.epoch, label.epoch).next
            volume.purpose = .serve(member.id, sealedAt: label.epoch, mayCreate: false)
        } else if label.epoch == volume.epoch {
            volume.purpose = .serve(member.id, sealedAt: label.epoch, mayCreate: false)
        }
        members[index].volume = volume
    }

    private mutating func order() {
        orders.revision += 1
        orders.session = random.chance(80) ? session : orders.session
        orders.members = members.map(\.order)
        orders.volumes = members.map(\.volume)
        feed(.orders(orders))
    }

    private mutating func changeSession(to granted: Bool = false) {
        if granted || random.chance(60) {
            sessions += 1
            session = SessionID("s\(sessions)")
        } else {
            session = nil
        }
        feed(.session(session))
    }

    private mutating func fire() {
        machine.isLatched = true
        feed(.guardsFired)
    }

    // What happens on the machine

    private mutating func performOne(kills: Bool = true) -> Bool {
        let effect = effects.remove(at: Int.random(in: 0..<effects.count, using: &random))
        examine(effect)
        if kills, random.chance(1) {
            machine.applyHalf(effect)
            restart()
            return false
        }
        reached[effect.name, default: 0] += 1
        // Below a latch nothing moves: what would have to, fails.
        if machine.isLatched, isHeld(effect) || kills && random.chance(20) {
            feed(.failed(effect, FoundryError(.timedOut, "It took too long.")))
        } else {
            let result = machine.apply(effect, now: moment.wall)
            if case .unlatch = effect {
                for ended in machine.endGuarded(now: moment.wall) { feed(.containerChanged(ended)) }
            }
            feed(.done(effect, result))
        }
        return true
    }

    private func isHeld(_ effect: CellEffect) -> Bool {
        switch effect {
        case .guardMember: true
        case .createContainer(let order): order.isGuarded
        default: false
        }
    }

    private mutating func examine(_ effect: CellEffect) {
        switch effect {
        case .startContainer(let id):
            guard let member = orders.members.first(where: { $0.id == id }) else { return }
            // Decided under these orders or older ones; what counts is that it was decided under a session that was held then.
            if let volume = orders.volumes.first(where: { $0.id == member.volume }),
                case .label(let label)? = machine.volumes[volume.id]?.label, let epoch = promised[volume.id]
            {
                check(label.epoch > epoch, "\(id) is started under epoch \(label.epoch), promised was \(epoch)")
            }
        case .takeVolume(let label):
            check((promised[label.volume] ?? .none) < label.epoch, "\(label.volume) is taken under a promised epoch")
        default: break
        }
    }

    private mutating func endProcesses() {
        for member in machine.ending.sorted()
        where random.chance(60) && !(machine.isLatched && machine.guarded.contains(member)) {
            if let change = machine.endProcess(member, now: moment.wall) { feed(.containerChanged(change)) }
        }
    }

    private mutating func listen() {
        guard let report = cell.report(cell: Samples.cell, sequence: 1) else { return }
        for word in report.words {
            words += 1
            for promise in word.promises {
                promised[promise.volume] = max(promised[promise.volume] ?? .none, promise.epoch)
                let onDisk = machine.promises[word.fence]?.contains(promise) ?? false
                check(onDisk, "\(promise.volume) is promised, and not on the disk")
            }
        }
        for claim in cell.guardedVolumes() {
            let member = MemberID("m\(claim.volume.description.dropFirst())")!
            let isBelow = machine.containers[member] == nil || machine.guarded.contains(member)
            check(isBelow, "\(member) is claimed to be guarded, and is not")
        }
    }

    private mutating func restart() {
        cell = CellMachine(subnet: "10.77.3", limits: Samples.configuration().restart)
        effects = []
        feed(.observed(machine.observe()))
        if session != nil { feed(.session(session)) }
    }

    private mutating func feed(_ event: CellEvent) {
        let before = session
        guard case .success(let decided) = cell.handle(event, now: moment) else { return }
        for effect in decided {
            guard case .startContainer(let id) = effect,
                let member = orders.members.first(where: { $0.id == id }), member.isGuarded
            else { continue }
            check(before != nil && before == orders.session, "\(id) is started without the session of its orders")
        }
        effects += decided
        // What was planned is all there is to do: only what may have changed is looked at, and that must have been enough.
        var shadow = cell
        if case .success(let missed) = shadow.handle(.tick, now: moment), !missed.isEmpty {
            check(
                false,
                "not planned when it was due, after \("\(event)".prefix(40)): \(missed.map { "\($0.name.rawValue) \($0.subject)" })"
            )
        }
    }

    private mutating func check(_ condition: Bool, _ sentence: String) {
        if !condition { violations.append("at \(now): \(sentence)") }
    }

    var allViolations: [String] { violations + machine.violations }
}
