import FoundryModel

/// The decisions of one cell: from what it was ordered and what it finds, the next effects.
///
/// Level-triggered: from any observed state the same orders lead to the same end, so a killed cell that comes back just goes on. One effect at a time in
/// each lane (a member, a volume). Until it has orders it changes nothing.
/// - Source: design sections 3 and 5.10.
public struct CellMachine: Sendable {
    let subnet: String
    let limits: RestartLimits

    var observation: CellObservation?
    var orders: CellOrders?
    var isDraining = false

    var volumes: [VolumeID: VolumeObservation] = [:]
    var containers: [MemberID: ContainerObservation] = [:]
    var rootfs: Set<MemberID> = []
    var networks: Set<Int> = []
    var histories: [MemberID: RestartHistory] = [:]

    /// Networks that this process has seen made whole; one that was found may be half made, and is made again before a container joins it.
    var wholeNetworks: Set<Int> = []
    /// Overlays that no container has used yet.
    var freshRootfs: Set<MemberID> = []
    /// Manifests whose layers are known to be unpacked.
    var unpacked: Set<String> = []
    var refusals: [VolumeID: FoundryError] = [:]
    var stops: [MemberID: ContainerStop] = [:]
    var health: [MemberID: MemberHealth] = [:]
    /// Histories that are not on the disk yet.
    var unwritten: Set<MemberID> = []
    var inFlight: [CellLane: CellEffect] = [:]
    var retries: [CellLane: CellRetry] = [:]
    var phases: [MemberID: PhaseSince] = [:]
    /// The session that the cell holds now.
    var session: SessionID?
    /// The guards acted, and hold what they stopped.
    var isLatched = false
    /// Members whose containers lie below the guards.
    var guarded: Set<MemberID> = []
    /// What was written down, synced, for each fence.
    var promises: [FenceID: [VolumePromise]] = [:]
    var replication: [MemberID: ReplicationReport] = [:]
    /// Grows whenever there may be something new to report.
    public private(set) var changes = 0

    /// - Parameter subnet: the first three numbers of the members' addresses: `10.77.3`.
    public init(subnet: String, limits: RestartLimits) {
        self.subnet = subnet
        self.limits = limits
    }

    /// Takes an event and returns the effects that are due, sorted by lane. A rejected event changes nothing.
    public mutating func handle(_ event: CellEvent, now: Moment) -> Result<[CellEffect], CellRefusedEvent> {
        let isIdle = changesNothing(event)
        if let rejection = take(event, now: now) { return .failure(CellRefusedEvent(reason: rejection)) }
        if isIdle, isQuiet { return .success([]) }
        changes += 1
        settle(now: now)
        let effects = plan(now: now)
        for effect in effects { begin(effect) }
        notePhases(now: now)
        return .success(effects)
    }

    /// An event that by itself changes nothing: a tick, or a good answer of a member that was healthy before.
    private func changesNothing(_ event: CellEvent) -> Bool {
        switch event {
        case .tick: true
        case .probed(let member, _, let isServing): isServing && health[member]?.state == .healthy
        case .observed, .orders, .done, .failed, .containerChanged, .session, .guardsFired, .replicates, .drain: false
        }
    }

    /// Nothing is under way and nothing waits for time: the last plan still holds.
    private var isQuiet: Bool {
        inFlight.isEmpty && retries.isEmpty && stops.isEmpty && unwritten.isEmpty && !isDraining
            && orders?.members.allSatisfy { (containers[$0.id]?.isRunning ?? false) == $0.run } ?? false
    }

    /// Everything stopped, unmounted and sealed after `drain`.
    public var isDrained: Bool {
        isDraining && observation != nil && inFlight.isEmpty && containers.isEmpty && rootfs.isEmpty && networks.isEmpty
            && volumes.values.allSatisfy { !$0.isMounted }
    }

    private mutating func begin(_ effect: CellEffect) {
        inFlight[CellLane(effect)] = effect
        // From here on it has logs, which go when it is no longer ordered.
        if case .createContainer(let order) = effect, histories[order.id] == nil {
            histories[order.id] = RestartHistory(generation: order.generation)
        }
    }

    private mutating func take(_ event: CellEvent, now: Moment) -> CellRejection? {
        switch event {
        case .observed(let found):
            guard observation == nil else { return .observedTwice }
            begin(with: found, now: now)
        case .orders(let new):
            if let rejection = follow(new) { return rejection }
        case .done(let effect, let result):
            guard inFlight[CellLane(effect)] == effect else { return .notInFlight(effect.name) }
            inFlight[CellLane(effect)] = nil
            retries[CellLane(effect)] = nil
            fold(effect, result, now: now)
        case .failed(let effect, let error):
            guard inFlight[CellLane(effect)] == effect else { return .notInFlight(effect.name) }
            inFlight[CellLane(effect)] = nil
            noteFailure(of: effect, error, now: now)
        case .containerChanged(let container):
            guard observation != nil else { return .notObservedYet }
            noteContainer(container, now: now)
        case .probed(let member, let pid, let isServing):
            noteProbe(member, pid: pid, isServing: isServing, now: now)
        case .session(let held):
            session = held
        case .guardsFired:
            isLatched = true
        case .replicates(let member, let pid, let report):
            guard case .running(pid, _)? = containers[member]?.phase else { return .notRunning(member) }
            replication[member] = report
        case .drain:
            isDraining = true
        case .tick:
            guard observation != nil else { return .notObservedYet }
        }
        return nil
    }

    private mutating func begin(with found: CellObservation, now: Moment) {
        observation = found
        volumes = Dictionary(uniqueKeysWithValues: found.volumes.map { ($0.id, $0) })
        rootfs = found.rootfs
        networks = found.networks
        histories = found.histories
        promises = found.promises
        guarded = found.guarded
        isLatched = found.isLatched
        for container in found.containers { noteContainer(container, now: now, adopted: true) }
    }

    /// Orders of an older controller, or older orders of the same one, are refused.
    private mutating func follow(_ new: CellOrders) -> CellRejection? {
        if let orders {
            if new.term < orders.term { return .termOlder(has: orders.term, got: new.term) }
            if new.term == orders.term, new.revision < orders.revision {
                return .ordersOlder(has: orders.revision, got: new.revision)
            }
        }
        let changed = Set(new.volumes.map(\.id)).filter { id in order(of: id) != new.volumes.first { $0.id == id } }
        for volume in changed { refusals[volume] = nil }
        orders = new
        return nil
    }

    /// A volume whose data turned out to be gone or damaged must not serve; anything else is tried again.
    private mutating func noteFailure(of effect: CellEffect, _ error: FoundryError, now: Moment) {
        if case .mountVolume(let volume) = effect, VolumeRule.isVerdictOnData(error.code) {
            refusals[volume] = error
        } else {
            retries[CellLane(effect), default: CellRetry()].note(error, now: now.monotonic)
        }
    }

    private mutating func fold(_ effect: CellEffect, _ result: CellEffectResult, now: Moment) {
        if case .volume(let volume) = result { volumes[volume.id] = volume }
        if case .container(let container) = result { noteContainer(container, now: now) }
        switch effect {
        case .unpackImage(_, let image): unpacked.insert(image.manifestDigest)
        case .deleteVolume(let volume):
            volumes[volume] = nil
            refusals[volume] = nil
        case .createNetwork(_, let slot):
            networks.insert(slot)
            wholeNetworks.insert(slot)
        case .removeNetwork(let slot):
            networks.remove(slot)
            wholeNetworks.remove(slot)
        case .mountRootfs(let member, _):
            rootfs.insert(member)
            freshRootfs.insert(member)
        case .unmountRootfs(let member):
            rootfs.remove(member)
            freshRootfs.remove(member)
        case .createContainer(let order): freshRootfs.remove(order.id)
        case .stopContainer(let member, _): stops[member, default: ContainerStop()].signalledAt = now.monotonic
        case .killContainer(let member): stops[member, default: ContainerStop()].killedAt = now.monotonic
        case .deleteContainer(let member):
            containers[member] = nil
            stops[member] = nil
            health[member] = nil
        case .writeHistory(let member, let written):
            if histories[member] == written { unwritten.remove(member) }
        case .forgetMember(let member):
            histories[member] = nil
            phases[member] = nil
            unwritten.remove(member)
        case .guardMember(let member): guarded.insert(member)
        case .unguardMember(let member): guarded.remove(member)
        case .promise(let fence, let written): promises[fence] = written
        case .unlatch: isLatched = false
        case .createVolume, .mountVolume, .takeVolume, .unmountVolume, .sealVolume, .startContainer, .readVolume,
            .wireMember:
            break
        }
    }
}

/// What the shell is told when the machine rejects an event.
public struct CellRefusedEvent: Error, Hashable, Sendable {
    public var reason: CellRejection
}
