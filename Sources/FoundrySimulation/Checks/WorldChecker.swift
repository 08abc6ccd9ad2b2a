import FoundryModel
import FoundryRules

/// Watches a simulated world: every invariant after every step, as far as the step can have broken it, and the rest when it is quiet.
///
/// It is told by the world's hardware (disks, kernels, machines, the store's log), never by what our own machines believe.
final class WorldChecker {
    /// The first; the run ends with it.
    private(set) var violation: Violation?
    /// All records, as the store agreed on them.
    private(set) var truth = PlatformView()
    private(set) var machines: [MachineTruth]
    private(set) var evidence = EvidenceCheck()
    private(set) var moves: MoveCheck
    private(set) var events = EventCounters()
    private var writers = WriterCheck()
    private(set) var acknowledged = AcknowledgedCheck()
    private var tokens = TokenCheck()
    private let guards = GuardCheck()
    private var brake = BrakeCheck()
    private var placement = PlacementCheck()
    private var routes = RouteCheck()
    private let timing: SessionTiming?
    private var seenRevision: Int64 = 0

    init(cells: Int, timing: SessionTiming?) {
        machines = [MachineTruth](repeating: MachineTruth(), count: cells)
        self.timing = timing
        moves = MoveCheck(patience: .milliseconds(4 * (timing?.expiryMilliseconds ?? 0) + 60_000))
    }

    @inline(__always)
    func note(_ found: Violation?) {
        if let found, violation == nil { violation = found }
    }

    // MARK: Containers and disks

    func started(_ container: Container, on cell: CellNode) {}

    /// It runs no instruction any more.
    func stopped(_ container: Container, on cell: CellNode) {}

    func removed(_ container: Container, on cell: CellNode) {}

    /// A holder begins to serve clients.
    func primaryServes(_ engine: Engine, _ volume: Int) {
        let world = engine.world
        note(writers.start(engine, volume: volume, at: world.now))
        guard let data = engine.cell.disk.data(ofVolume: volume) else { return }
        note(acknowledged.start(app: engine.workload, branch: engine.branch, data: data, at: world.now))
    }

    /// Bytes of a holder reach its disk.
    @inline(__always)
    func wrote(_ write: DataWrite, by engine: Engine, volume: Int) {
        note(writers.write(engine, volume: volume, epoch: write.epoch, at: engine.world.now))
    }

    /// A replica took bytes from its primary.
    func copied(_ run: DataRun, by engine: Engine, volume: Int) {
        guard engine.cell.disk.regressions > 0 else { return }
        note(
            Violation(
                .epochsInOrder, at: engine.world.now,
                "\(engine.place) has bytes of an older epoch behind those of a later one"))
    }

    /// A stateless member answered.
    func served(_ workload: Int) {}

    /// A label is on the disk.
    func labelled(_ label: VolumeLabel, volume: Int, on cell: CellNode) {}

    /// A volume's data is gone, by an order.
    func deleted(volume id: VolumeID, on cell: CellNode) {
        guard let record = truth.volumes[id]?.value, record.phase != .purging else { return }
        note(
            Violation(
                .nothingLost, at: cell.world.now,
                "cell c\(cell.index) deleted volume \(id), which is not to be purged"))
    }

    /// A guard stopped a container.
    func guardStopped(_ container: Container, on cell: CellNode) {
        guard !container.isGuarded else { return }
        note(
            Violation(
                .unguardedRunsOn, at: cell.world.now,
                "a guard of cell c\(cell.index) stopped member \(container.member.short), which is not guarded"))
    }

    /// A cell has written its promises for a fence down, synced.
    func promised(_ fence: FenceID, _ promises: [VolumePromise]) { evidence.promised(fence, promises) }

    // MARK: Clients

    /// A client has the answer to its write.
    @inline(__always)
    func acknowledge(_ workload: Int, number: Int64, at now: SimulationTime) {
        acknowledged.acknowledge(app: workload, number: number, at: now)
    }

    // MARK: Machines

    func poweredOff(cell: Int, at now: SimulationTime) {
        machines[cell].isOn = false
        machines[cell].offSince = now
    }

    func poweredOn(cell: Int) {
        machines[cell].isOn = true
        machines[cell].wasLiedAbout = false
    }

    func paused(cell: Int, _ isPaused: Bool) { machines[cell].isPaused = isPaused }

    /// A device said that a machine is off, and it runs.
    func liedAbout(cell: Int) {
        machines[cell].wasLiedAbout = true
        writers.excuse(cell: cell)
    }

    /// An app's data was destroyed, or taken back in time, where no rule can see it.
    func excuse(workload: Int) { acknowledged.excuse(app: workload) }

    /// Power is gone where the app's holder runs.
    func holderLostPower(workload: Int, at now: SimulationTime) { acknowledged.losePower(app: workload, at: now) }

    /// A fault that can move volumes; nil: it may touch every cell.
    func faultBegan(cell: Int?, from start: SimulationTime, to end: SimulationTime) {
        moves.begin(cell: cell, from: start, to: end)
    }

    // MARK: Routers

    func routed(_ router: Int, _ order: RouteOrder, at now: SimulationTime) {
        note(routes.apply(router, order, at: now))
    }

    // MARK: The store

    /// A controller's transaction was committed at this revision.
    func controllerWrote(_ server: ServerID, _ term: Term, revision: Int64, at now: SimulationTime) {
        guard let held = tokens.term(at: revision), held.term != term || held.holder != server else { return }
        note(
            Violation(
                .oneController, at: now,
                "\(server) wrote as the controller of term \(term), when \(held.holder?.description ?? "nobody") held term \(held.term)"
            ))
    }

    /// The store goes on from a backup.
    func restored<Tag>(_ store: SimulatedStore<Tag>) {
        truth = PlatformView()
        for entry in store.truth.entries { truth.put(entry.record, revision: entry.revision) }
        seenRevision = store.revision
        tokens.restored()
        brake.restored()
    }

    /// Looks at what the store has agreed on since the last look. To be called after each of its steps.
    @inline(__always)
    func follow<Tag>(_ store: SimulatedStore<Tag>, in world: World) {
        if store.revision != seenRevision { take(store, world) }
    }

    private func take<Tag>(_ store: SimulatedStore<Tag>, _ world: World) {
        var commit = Commit(revision: 0, time: world.now, changes: [])
        var keys: [StoreKeyNumber] = []
        store.history.forEach(after: seenRevision, upTo: store.revision) { change in
            if change.revision != commit.revision {
                finish(&commit, keys.map { store.text(of: $0) }, world)
                keys = []
                commit.revision = change.revision
            }
            keys.append(change.key)
            commit.changes.append(Commit.Change(old: nil, new: change.record))
            return true
        }
        finish(&commit, keys.map { store.text(of: $0) }, world)
        seenRevision = store.revision
        if let defect = store.checker.violations.first {
            note(Violation(.storeLinearizable, at: world.now, "the store itself is wrong: \(defect)"))
        }
    }

    private func finish(_ commit: inout Commit, _ keys: [String], _ world: World) {
        guard !keys.isEmpty else { return }
        for index in keys.indices { commit.changes[index].old = truth.record(of: keys[index]) }
        judge(commit, world)
        for (key, change) in zip(keys, commit.changes) {
            if let new = change.new {
                truth.put(new, revision: commit.revision)
            } else {
                truth.remove(key: key, revision: commit.revision)
            }
        }
        note(placement.commit(commit, truth: truth))
        events.count(commit)
        commit.changes.removeAll(keepingCapacity: true)
    }

    private func judge(_ commit: Commit, _ world: World) {
        let machine: (CellID) -> MachineTruth? = { cell in
            guard let number = cellNumber(cell), self.machines.indices.contains(number) else { return nil }
            return self.machines[number]
        }
        let canWrite: (VolumeID, Int, Epoch) -> Bool = { volume, cell, epoch in
            self.writers.canWrite(world.numbers.volume(volume), on: cell, upTo: epoch)
        }
        note(tokens.commit(commit))
        note(evidence.commit(commit, truth: truth, canWrite: canWrite, timing: timing, machine: machine))
        note(guards.commit(commit, truth: truth, canWrite: canWrite, timing: timing, machine: machine))
        note(brake.commit(commit, truth: truth, timing: timing))
        note(moves.commit(commit))
    }
}
