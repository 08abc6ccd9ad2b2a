import FoundryModel

/// A database as the platform sees one: it serves numbered writes from its volume, syncs them, sends them to its replicas, and acknowledges.
///
/// It knows the epoch and the branch that its volume's label had when it started, and writes under no other.
final class Engine {
    enum State {
        case starting
        case serving
        /// Ends in order.
        case stopping
        case ended
    }

    unowned(unsafe) let cell: CellNode
    let container: Int16
    let pid: Int32
    let member: MemberID
    /// Of the world's table.
    let workload: Int
    let role: MemberRole
    let slot: UInt8
    /// Of the world's numbers; nil: it keeps nothing.
    let volume: Int?
    let syncs: SyncPolicy
    /// Its program ends as soon as it begins.
    let isBroken: Bool
    var state = State.starting
    var epoch = Epoch.none
    var branch = 0
    var lineage = 0
    /// Writes in its volume, and those of them that its disk has for sure.
    var length: Int64 = 0
    var synced: Int64 = 0
    var isFlushing = false
    var flushBeganAt = SimulationTime.zero
    /// Of a primary: requests that wait for disk or replicas, by position.
    var pending: [PendingAnswer] = []
    var firstPending = 0
    var followers: [Follower] = []
    /// Replicas without which nothing is acknowledged, and those of them that had caught up once.
    var waitsFor: [MemberID] = []
    var caughtUp: Set<MemberID> = []
    /// Of a replica: where its primary is.
    var source: RouteTarget?
    var stream: WorldStream = .none
    var connectedAt = SimulationTime.zero
    var sourceSlot: UInt8 = 0
    var sourcePid: Int32 = 0
    /// Of the primary that it follows now; none until it has the base.
    var followed = Epoch.none
    /// All that there was when its primary ended in order.
    var finalLength: Int64?
    /// Of the holder whose data it has, also when the stream has ended since.
    var heldEpoch = Epoch.none
    var told: ReplicationReport?
    var isTelling = false
    /// Of the checks.
    var writer = -1

    struct PendingAnswer {
        var position: Int64
        var number: Int64
        var client: Int32
        var router: Int32
    }

    struct Follower {
        var member: MemberID
        var stream: WorldStream
        var node: NodeNumber
        var slot: UInt8
        var pid: Int32
        var has: Int64
    }

    init(cell: CellNode, container: Int16, pid: Int32, order: MemberOrder, workload: Int, volume: Int?) {
        self.cell = cell
        self.container = container
        self.pid = pid
        member = order.id
        self.workload = workload
        role = order.role
        slot = UInt8(order.slot)
        self.volume = volume
        syncs = cell.world.workloads[workload].sync
        waitsFor = order.waitsFor
        source = order.source
        isBroken =
            order.spec.environment[Self.brokenVersion] != nil
            || order.spec.service?.values[ServiceReleases.broken] == "true"
    }

    /// The name in the environment by which a version is told that does not come up.
    static let brokenVersion = "BROKEN"

    var world: World { cell.world }
    /// Under which the checks count what it acknowledges.
    var track: Int { world.track(workload, lineage) }
    var followsOthers: Bool { role == .replica }
    var hasPending: Bool { firstPending < pending.count }

    func handle(_ input: EngineInput) {
        guard state != .ended else { return }
        switch input {
        case .ask(let request, let node): ask(request, from: node)
        case .replication(let message, let stream, let node): take(message, stream, from: node)
        case .streamEnd(let stream): lose(stream)
        case .disk(let owner, let error): diskDone(owner, error)
        case .timer(let timer): handle(timer)
        case .stop: stop()
        }
    }

    /// Its process began: it reads its volume.
    func start() {
        if isBroken || failsToStart { return exit(status: 1) }
        if let volume {
            guard case .value(.label(let label)) = cell.disk.contents(of: DiskFile(.innerLabel, volume)) else {
                return exit(status: 1)
            }
            epoch = label.epoch
            branch = label.branch
            lineage = world.numbers.lineage(label.lineage)
            length = cell.disk.data(ofVolume: volume)?.length ?? 0
            synced = length
        }
        cell.later(self, .ready, after: world.random.engine.heavyTail(least: .milliseconds(120), most: .seconds(8)))
    }

    private var failsToStart: Bool {
        guard let left = world.failingStarts[workload], left > 0 else { return false }
        world.failingStarts[workload] = left - 1
        return true
    }

    private func handle(_ timer: EngineTimer) {
        switch timer {
        case .begin: start()
        case .ready:
            guard state == .starting else { return }
            state = .serving
            if role == .replica { tick() } else if let volume { world.checker.primaryServes(self, volume) }
            replicationChanged()
        case .connect: tick()
        case .flush: flush()
        case .stopLimit: exit(status: 0)
        case .tell:
            isTelling = false
            tell()
        }
    }

    /// Its end, by its own doing.
    func exit(status: Int32) {
        guard state != .ended else { return }
        state = .ended
        cell.ended(self, status: status)
    }

    /// SIGTERM: nothing new is taken; what was taken is finished, and the replicas are told that this is all.
    func stop() {
        guard state == .serving || state == .starting else { return }
        let wasServing = state == .serving
        state = .stopping
        cell.later(self, .stopLimit, after: .seconds(4))
        guard role == .primary, volume != nil, wasServing else { return endIfDone() }
        for follower in followers { send(.shutdown(length: length), to: follower) }
        if synced < length { flush() }
        endIfDone()
    }

    func endIfDone() {
        guard state == .stopping else { return }
        if role == .primary, volume != nil {
            guard synced >= length, !hasPending else { return }
        }
        exit(status: 0)
    }

    /// Writes that no request of their own has synced.
    func flush() {
        guard let volume, !isFlushing, synced < length else { return }
        isFlushing = true
        flushBeganAt = world.now
        flushedLength = length
        cell.submit(.syncData(volume: volume), for: .flush(container: container, pid: pid), by: self)
    }

    private func diskDone(_ owner: DiskOwner, _ error: DiskError?) {
        // What a failed write or sync leaves behind is not known: only a start from the disk tells.
        guard error == nil else {
            if role == .primary { world.checker.syncFailed(self) }
            return exit(status: 1)
        }
        switch owner {
        case .append(_, _, let position):
            if syncs == .each { synced = max(synced, position) }
            acknowledge()
        case .follow(_, _, let position):
            synced = max(synced, position)
            confirm()
        case .flush:
            isFlushing = false
            synced = max(synced, flushedLength)
            if synced < length, case .every(let period) = syncs { cell.later(self, .flush, after: period) }
            acknowledge()
        case .effect, .probe, .identity: break
        }
        endIfDone()
    }

    /// As long as its volume was when the last flush began.
    var flushedLength: Int64 = 0
}
