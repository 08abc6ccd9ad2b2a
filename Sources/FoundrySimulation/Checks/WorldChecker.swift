import FoundryModel
import FoundryRules

/// Watches a simulated world: every invariant after every step, as far as the step can have broken it, and the rest when it is quiet.
///
/// It is told by the world's hardware (disks, kernels, machines, the store's log), never by what a machine of ours believes. The first violation
/// ends a run.
final class WorldChecker {
    private(set) var violation: Violation?
    /// All records, as the store agreed on them.
    var truth = PlatformView()
    var writers = WriterCheck()
    var acknowledgements = AcknowledgedCheck()
    var evidence = EvidenceCheck()
    var moves = MoveCheck()
    var tokens = TokenCheck()
    var brake = BrakeCheck()
    var placement = PlacementCheck()
    var routes = RouteCheck()
    var events = EventCounters()
    var keeps = KeepCheck()
    var removedUsers = RemovedUserCheck()
    var servicesGone = ServiceGoneCheck()
    var servicesKept = ServiceKeptCheck()
    let servicesOnce = ServiceOnceCheck()
    let guards = GuardCheck()
    /// By cell: the orders that its process followed last.
    private var followed: [Int: (life: Int32, boot: Int32, term: Term?, revision: Int64)] = [:]
    var seenRevision: Int64 = 0
    /// By cell: when its power was last gone.
    private var offSince: [SimulationTime] = []
    private var liedAbout: Set<Int> = []
    /// Whose each volume is, whatever the store has forgotten since.
    var owners: [VolumeID: (app: AppID, lineage: LineageID)] = [:]
    /// Primaries that began to serve.
    private(set) var holders = 0
    /// Cells whose disk was wiped, or taken back in time.
    private(set) var lostDisks: Set<Int> = []
    /// By cell: the holders that served there last, and whose volumes are not sealed: of what they acknowledged, the kernel may still have something.
    private var unsealed: [Int: [Engine]] = [:]
    /// Volumes that were deleted because the records said so; a store that is restored may name them again.
    private(set) var purged: Set<Int> = []
    /// Volumes that the records once said are to be purged.
    var condemned: Set<VolumeID> = []
    /// The store went on from a backup.
    var wasRestored = false
    /// Told lines for people, when somebody wants to read them.
    var tell: ((SimulationTime, String, String) -> Void)?
    /// Volumes that lay on the cells before the platform came.
    var strangers: [Stranger] = []

    struct Stranger {
        var cell: Int
        var volume: Int
        var length: Int64
    }

    init() {}

    @inline(__always)
    func report(_ found: Violation?) { if let found, violation == nil { violation = found } }

    // Containers.

    /// A member's process began to run; it has not read anything yet.
    func started(_ container: Container, on cell: CellNode) {}

    /// It runs no instruction any more.
    func stopped(_ container: Container, on cell: CellNode) {
        tell?(
            cell.world.now, "cell c\(cell.index)", "app-\(container.engine.workload) (\(container.engine.role)) stops")
    }

    func removed(_ container: Container, on cell: CellNode) {}

    /// A cell's process is about to stop a member. It is judged by orders that it has: that the app was started again it may not know yet.
    func stopping(_ container: Container, on cell: CellNode) {
        guard cell.session != nil, cell.session?.held.session == nil, !container.isGuarded,
            container.engine.state == .serving, cell.world.faults.healthCheckFails.isNever, !cell.disk.isHung,
            container.waiting == 0,
            let term = truth.term?.value.term,
            let order = truth.cellOrders(for: cell.id, term: term).members.first(where: { $0.id == container.member }),
            order.run, order.generation == container.generation, !order.isGuarded, !isAskedToStop(cell),
            let app = truth.apps[order.app], app.revision <= cell.ordersFollowed
        else { return }
        report(
            Violation(
                .unguardedRunsOn, at: cell.world.now,
                "cell c\(cell.index) has no session and stops \(container.engine.place), which is not guarded"))
    }

    /// Its orders say that a person asked for it, or may: they can be from before the fence was lifted.
    private func isAskedToStop(_ cell: CellNode) -> Bool {
        truth.fences.values.contains {
            $0.value.cell == cell.id && $0.value.cause == .asked
                && ($0.value.state == .open || $0.revision > cell.ordersFollowed)
        }
    }

    // Data.

    /// A holder has read its volume, and takes writes from now on.
    func primaryServes(_ engine: Engine, _ volume: Int) {
        holders += 1
        unsealed[engine.cell.index, default: []].removeAll { $0.volume == volume }
        unsealed[engine.cell.index, default: []].append(engine)
        tell?(
            engine.world.now, "cell c\(engine.cell.index)",
            "app-\(engine.workload) serves branch \(engine.branch) under epoch \(engine.epoch), with \(engine.length) writes"
        )
        let now = engine.world.now
        report(writers.start(engine, volume: volume, at: now))
        report(unlabelled(engine, volume))
        guard let data = engine.cell.disk.data(ofVolume: volume) else { return }
        if !acknowledgements.counts(engine.track) {
            count(engine.world.workloads[engine.workload], under: engine.track)
        }
        report(
            acknowledgements.start(
                app: engine.track, lineage: engine.lineage, branch: engine.branch, data: data, at: now))
    }

    private func unlabelled(_ engine: Engine, _ volume: Int) -> Violation? {
        let labels = [DiskFile(.innerLabel, volume), DiskFile(.outerLabel, volume)]
        let isLabelled = labels.allSatisfy {
            guard case .value(.label(let label)) = engine.cell.disk.durableContents(of: $0) else { return false }
            return label.role == .holder && label.epoch == engine.epoch && label.branch == engine.branch
        }
        guard !isLabelled else { return nil }
        return Violation(
            .labelFirst, at: engine.world.now,
            "\(engine.place) serves under epoch \(engine.epoch), and its labels on the disk do not say so")
    }

    /// A holder's write reaches its volume.
    @inline(__always)
    func wrote(_ write: DataWrite, by engine: Engine, volume: Int) {
        report(writers.write(engine.writer, epoch: write.epoch, at: engine.world.now))
    }

    /// Writes reach a replica.
    @inline(__always)
    func copied(_ run: DataRun, by engine: Engine, volume: Int) {
        guard engine.cell.disk.regressions > 0 else { return }
        report(
            Violation(
                .epochsInOrder, at: engine.world.now,
                "\(engine.place) has bytes of an older epoch behind those of a later one"))
    }

    func labelled(_ label: VolumeLabel, volume: Int, on cell: CellNode) {
        if label.sealed { unsealed[cell.index]?.removeAll { $0.volume == volume } }
    }

    func deleted(volume: Int, on cell: CellNode) {
        let id = cell.world.numbers.volumes[volume]
        guard let record = truth.volumes[id]?.value, record.phase != .purging else {
            purged.insert(volume)
            return
        }
        // A store that is restored asks for what is being deleted already, by orders of before.
        guard !wasRestored || !condemned.contains(id) else {
            purged.insert(volume)
            return
        }
        report(
            Violation(
                .nothingLost, at: cell.world.now,
                "cell c\(cell.index) deletes volume \(id.short), which is not to be purged"))
    }

    /// Its disk could not write: under `defer` what was acknowledged before the flush is not there, and only the page cache hides it.
    func syncFailed(_ engine: Engine) { losePower(engine) }

    /// Its machine lost power: of what was not synced, anything may be gone.
    func lostPower(_ cell: CellNode) {
        cutOff(cell)
        tell?(cell.world.now, "cell c\(cell.index)", "loses power")
        liedAbout.remove(cell.index)
        for engine in unsealed.removeValue(forKey: cell.index) ?? [] { losePower(engine) }
    }

    private func losePower(_ engine: Engine) {
        acknowledgements.losePower(app: engine.track, lineage: engine.lineage, at: engine.world.now)
    }

    /// It has no power now, and may have had none before.
    func cutOff(_ cell: CellNode) {
        while offSince.count <= cell.index { offSince.append(SimulationTime(microseconds: -1)) }
        offSince[cell.index] = cell.world.now
    }

    /// Its disk was wiped, or taken back in time: what lies on no other disk is gone, and no rule can help it.
    ///
    /// - Parameter isOlder: taken back in time, as a whole.
    func lostDisk(_ cell: CellNode, isOlder: Bool = false) {
        lostDisks.insert(cell.index)
        for id in truth.index.volumes(on: cell.id) {
            guard let volume = truth.volumes[id]?.value,
                volume.holder != nil || volume.isFork || volume.phase == .sealed
            else { continue }
            acknowledgements.excuse(
                app: cell.world.track(cell.world.workload(of: volume.app), volume.lineage), isOlder: isOlder)
        }
        // What a store that was restored has forgotten lies on it as nobody's.
        for (id, owner) in owners where truth.volumes[id] == nil {
            guard cell.disk.data(ofVolume: cell.world.numbers.volume(id)) != nil else { continue }
            acknowledgements.excuse(
                app: cell.world.track(cell.world.workload(of: owner.app), owner.lineage), isOlder: isOlder)
        }
    }

    /// A drilled device says that a cell is off, and it runs: outside of every promise.
    func lied(about cell: CellNode) {
        liedAbout.insert(cell.index)
        writers.excuse(cell: cell.index)
    }

    // Clients.

    /// From now on what is acknowledged of a workload, or of one of its members, has to stay.
    func count(_ workload: Workload, under track: Int) {
        acknowledgements.add(
            app: track, policy: workload.isAvailable ? .available : .consistent,
            deferred: workload.sync == .each ? nil : .milliseconds(200),
            mayBeginEmpty: workload.spec.recovery.whenLost == .empty)
    }

    @inline(__always)
    func acknowledged(_ answer: ClientAnswer, at now: SimulationTime) {
        acknowledgements.acknowledge(
            app: Int(answer.track), number: answer.number, lineage: Int(answer.lineage), sent: answer.time, at: now)
    }

    /// A client was answered by a member that keeps nothing.
    @inline(__always)
    func served(_ workload: Int) {}

    /// A client has read: what it had been told before must be there.
    func read(_ answer: ClientAnswer, workload: Int, floor: Int64, world: World) {
        guard let data = answer.data, floor > 0, !world.workloads[workload].isAvailable, !data.contains(floor),
            acknowledgements.isDue(floor, app: Int(answer.track))
        else { return }
        report(
            Violation(
                .acknowledgedKept, at: world.now, "a read of app-\(workload) lacks the acknowledged write \(floor)"))
    }

    // The control plane.

    func controllerBegan(_ server: ServerNode, _ term: Term) {}

    /// A controller's transaction was committed at this revision.
    func controllerWrote(_ server: ServerNode, revision: Int64) {
        guard let held = tokens.term(at: revision), held.holder != server.id else { return }
        report(
            Violation(
                .oneController, at: server.world.now,
                "server s\(server.index) wrote as the controller when \(held.holder?.description ?? "nobody") held term \(held.term)"
            ))
    }

    /// A cell has written its promises for a fence down, synced.
    func promised(_ fence: FenceID, _ promises: [VolumePromise], by incarnation: IncarnationID?) {
        evidence.promised(fence, promises, by: incarnation)
    }

    func routeChanged(_ router: RouterNode, _ slot: RouteSlot) {
        let port = slot.port - router.world.configuration.routes.firstPort
        guard router.proxy.leads.indices.contains(port) else { return }
        for lead in router.proxy.leads[port] {
            report(routes.lead(router.index, port, lead.server, at: router.world.now))
        }
    }

    /// A server carries out what its controller's machine decided.
    func acts(_ server: ServerNode) {
        guard let seen = server.view.term?.value, seen.holder != server.id,
            let since = tokens.termSince, server.world.now - since > .seconds(5)
        else { return }
        report(
            Violation(
                .oneController, at: server.world.now,
                "server s\(server.index) acts as the controller, and knows that \(seen.holder?.description ?? "nobody") holds term \(seen.term)"
            ))
    }

    /// A cell claims with a renewal what would stop its members.
    func claims(_ claim: GuardReport, by cell: CellNode) {
        guard claim.armed.contains(.sentinel) else { return }
        guard !cell.sentinelProcess.isAlive || cell.sentinel?.state != .armed else { return }
        report(
            Violation(
                .guardsInTime, at: cell.world.now,
                "cell c\(cell.index) claims that its sentinel is armed, and it is \(cell.sentinelProcess.isAlive ? "not" : "dead")"
            ))
    }

    /// A container is taken out from under the guards.
    func unguarded(_ container: Container, on cell: CellNode) {
        guard container.isGuarded, let id = truth.members[container.member]?.value.volume,
            let volume = truth.volumes[id]?.value, volume.holder == container.member, case .on = volume.guardState
        else { return }
        report(
            Violation(
                .guardsInTime, at: cell.world.now,
                "\(container.engine.place) is taken out from under the guards, and its record says that it is guarded"))
    }

    /// A guard gives its machine up, because it could not stop the members.
    func guardReboots(_ cell: CellNode) {
        for case let container? in cell.containers
        where container.isGuarded && container.isRunning && !container.isDead && !container.isKilled {
            report(
                Violation(
                    .unguardedRunsOn, at: cell.world.now,
                    "a guard reboots cell c\(cell.index), and never tried to kill \(container.engine.place)"))
        }
    }

    /// A cell reports which orders it follows.
    func reports(_ report: CellReport, by cell: CellNode) {
        guard let revision = report.ordersRevision else { return }
        let last = followed[cell.index]
        followed[cell.index] = (cell.process.life, cell.machine.boot, cell.ordersTerm, revision)
        guard let last, last.life == cell.process.life, last.boot == cell.machine.boot, last.term == cell.ordersTerm,
            revision < last.revision
        else { return }
        self.report(
            Violation(
                .tokensGrow, at: cell.world.now,
                "cell c\(cell.index) went from orders of revision \(last.revision) back to \(revision)"))
    }

    // Machines.

    func machine(_ cell: CellID, in world: World) -> MachineTruth? {
        guard let index = world.names.index(of: cell) else { return nil }
        let machine = world.cells[index].machine
        return MachineTruth(
            isOn: machine.isOn,
            offSince: offSince.indices.contains(index) ? offSince[index] : SimulationTime(microseconds: -1),
            onSince: machine.onSince, wasLiedAbout: liedAbout.contains(index), isPaused: machine.isPaused)
    }
}
