import FoundryModel

/// The decisions of one cell: from what it was ordered and what it finds, the next effects.
///
/// Level-triggered: from any observed state the same orders lead to the same end, so a killed cell that comes back just goes on. One effect at a time in
/// each lane (a member, a volume). Until it has orders it changes nothing.
/// - Source: design sections 3, 5.5, 5.7, 5.9 and 5.10.
public struct CellMachine: Sendable {
    let subnet: String
    let limits: RestartLimits

    var observation: CellObservation?
    var orders: CellOrders?
    var index = CellOrderIndex()
    var isDraining = false

    var volumes: [VolumeID: VolumeObservation] = [:]
    var snapshots: [SnapshotID: SnapshotObservation] = [:]
    /// Volumes of which a snapshot is being taken.
    var held: Set<VolumeID> = []
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
    /// Mounted volumes whose last user did not end in order. What it could not write may still be seen in memory and not be on the disk, so they are
    /// mounted anew before anybody begins on them.
    var worn: Set<VolumeID> = []
    /// Volumes that were refused, and are looked at once more before they are judged again.
    var unread: Set<VolumeID> = []
    var stops: [MemberID: ContainerStop] = [:]
    var health: [MemberID: MemberHealth] = [:]
    /// Histories that are not on the disk yet.
    var unwritten: Set<MemberID> = []
    var inFlight: [CellLane: CellEffect] = [:]
    var retries: [CellLane: CellRetry] = [:]
    var phases: [MemberID: PhaseSince] = [:]
    /// Whose syncs were deferred under the orders before: a process goes on as it was begun until it ends.
    var deferredBefore: [DeferredVolume] = []

    /// The session that the cell holds now.
    var session: SessionID?
    /// Since this process began.
    var hasHeldSession = false
    let holdsSessions: Bool
    var latch = CellLatch()
    /// Members whose containers lie below the guards.
    var guarded: Set<MemberID> = []
    /// What the engines of running members were last told; of one that was found, nothing is known.
    var wires: [MemberID: MemberWiring] = [:]
    var replication: [MemberID: ReplicationReport] = [:]
    var pledges = CellPledges()
    var links = CellLinks()
    /// With what containers were made; of one that was found, nothing is known.
    var briefs: [MemberID: MemberBrief] = [:]
    /// Ordered verbs that succeeded, under this process.
    var verbsDone: [VerbID: VerbOrder] = [:]
    var engineRoles: [MemberID: EngineRole] = [:]

    var dirt = CellDirt()
    var wakes = CellWakes()
    /// Grows whenever there may be something new to report.
    public private(set) var changes = 0

    /// - Parameter subnet: the first three numbers of the members' addresses: `10.77.3`.
    /// - Parameter holdsSessions: on a platform of several machines nothing starts before a session was granted.
    public init(subnet: String, limits: RestartLimits, holdsSessions: Bool = false) {
        self.subnet = subnet
        self.holdsSessions = holdsSessions
        self.limits = limits
    }

    /// Takes an event and returns the effects that are due, sorted by lane. A rejected event changes nothing.
    public mutating func handle(_ event: CellEvent, now: Moment) -> Result<[CellEffect], CellRefusedEvent> {
        let isIdle = changesNothing(event)
        if let rejection = take(event, now: now) { return .failure(CellRefusedEvent(reason: rejection)) }
        if isIdle, isQuiet {
            dirt = CellDirt()
            return .success([])
        }
        changes += 1
        if wakes.isDue(now.monotonic) { dirt.isWhole = true }
        let members = dirt.isWhole ? Array(index.range) : dirt.sortedMembers()
        settle(members, now: now)
        let effects = plan(members, now: now)
        for effect in effects { begin(effect) }
        notePhases(members, now: now)
        dirt = CellDirt()
        wakes.timer = timerWake(now: now)
        wakes.isQuiet = nil
        return .success(effects)
    }

    /// An event that by itself changes nothing: a tick, or a good answer of a member that was healthy before.
    private func changesNothing(_ event: CellEvent) -> Bool {
        switch event {
        case .tick: true
        case .probed(let member, _, let role, .serves): health[member]?.isGood(role) ?? false
        case .probed(_, _, _, .unknown): true
        case .engineRole(let member, let pid, let said):
            engineRoles[member].map { $0.pid != pid || $0.said == said } ?? true
        case .probed(_, _, _, .fails): false
        case .observed, .orders, .done, .failed, .containerChanged, .session, .guardsFired, .replicates, .flushFailed,
            .drain:
            false
        }
    }

    /// Nothing is under way and nothing waits for time: the last plan still holds.
    private var isQuiet: Bool {
        mutating get {
            if let known = wakes.isQuiet { return known }
            let quiet =
                inFlight.isEmpty && retries.isEmpty && stops.isEmpty && unwritten.isEmpty && !isDraining
                && orders?.members.allSatisfy { (containers[$0.id]?.isRunning ?? false) == $0.run } ?? false
            wakes.isQuiet = quiet
            return quiet
        }
    }

    /// Everything stopped, unmounted and sealed after `drain`.
    public var isDrained: Bool {
        isDraining && observation != nil && inFlight.isEmpty && containers.isEmpty && rootfs.isEmpty && networks.isEmpty
            && volumes.values.allSatisfy { !$0.isMounted }
    }

    private mutating func begin(_ effect: CellEffect) {
        inFlight[CellLane(effect)] = effect
        switch effect {
        case .createContainer(let order):
            // From here on it has logs, which go when it is no longer ordered.
            if histories[order.id] == nil { histories[order.id] = RestartHistory(generation: order.generation) }
        case .promise(let fence, let promises): pledges.begin(fence, promises)
        case .takeSnapshot(let order): held.insert(order.volume)
        case .linkNetwork(let wanted): links.begin(wanted)
        case .unpackImage, .createVolume, .cloneVolume, .mountVolume, .takeVolume, .unmountVolume, .tuneVolume,
            .growVolume,
            .sealVolume, .deleteVolume, .deleteSnapshot, .createNetwork, .removeNetwork, .mountRootfs, .unmountRootfs,
            .startContainer,
            .stopContainer, .limitContainer,
            .killContainer, .deleteContainer, .writeHistory, .forgetMember, .readVolume, .guardMember, .unguardMember,
            .wireMember, .writeHosts, .runVerb, .unlatch:
            break
        }
    }
}

/// What the shell is told when the machine rejects an event.
public struct CellRefusedEvent: Error, Hashable, Sendable {
    public var reason: CellRejection
}
