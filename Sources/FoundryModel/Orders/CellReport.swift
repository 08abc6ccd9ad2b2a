/// What a cell knows about all that it has: whole, each time.
public struct CellReport: Hashable, Sendable, Codable {
    public var cell: CellID
    /// Grows with each report of a cell within one boot, whatever became of its process in between.
    public var sequence: Int64
    /// The revision of the orders that it follows; nil until it has any.
    public var ordersRevision: Int64?
    /// The controller's term that those orders came from. What is followed is said anew to every controller; and revisions go back when the store is
    /// restored, terms never do.
    public var ordersTerm: Term?
    public var capacity: CellCapacity
    public var machineID: String
    public var bootID: String
    /// Sorted by id.
    public var members: [MemberStatus]
    /// Every volume on its pool, sorted by id, those that nobody ordered among them.
    public var volumes: [VolumeStatus]
    /// The one it holds; nil where no sessions are held. A report of another than the living one says nothing.
    public var session: SessionID?
    /// For each fence that asked for it.
    public var words: [FenceWord]
    /// Its kernel lets a volume grow only while nothing uses it; nil: of a cell that does not say.
    public var growsAtRest: Bool?
    /// Every snapshot on its pool, and those that are being taken; sorted by id. nil: of a cell that does not say.
    public var snapshots: [SnapshotStatus]?
    /// Of verbs that are ordered, those that ended; sorted by id. nil: of a cell that does not say.
    public var verbs: [VerbStatus]?

    public init(
        cell: CellID, sequence: Int64, ordersRevision: Int64?, ordersTerm: Term? = nil, capacity: CellCapacity,
        machineID: String, bootID: String, members: [MemberStatus], volumes: [VolumeStatus], session: SessionID? = nil,
        words: [FenceWord] = [], growsAtRest: Bool? = nil,
        snapshots: [SnapshotStatus]? = nil, verbs: [VerbStatus]? = nil
    ) {
        self.cell = cell
        self.sequence = sequence
        self.ordersRevision = ordersRevision
        self.ordersTerm = ordersTerm
        self.capacity = capacity
        self.machineID = machineID
        self.bootID = bootID
        self.members = members
        self.volumes = volumes
        self.session = session
        self.words = words
        self.growsAtRest = growsAtRest
        self.snapshots = snapshots
        self.verbs = verbs
    }
}

/// A cell's answer to a fence order: synced on its disk before it is said.
public struct FenceWord: Hashable, Sendable, Codable {
    public var fence: FenceID
    public var incarnation: IncarnationID
    public var promises: [VolumePromise]

    public init(fence: FenceID, incarnation: IncarnationID, promises: [VolumePromise]) {
        self.fence = fence
        self.incarnation = incarnation
        self.promises = promises
    }
}

/// A member as its cell sees it.
public struct MemberStatus: Hashable, Sendable, Codable {
    public var id: MemberID
    public var generation: Int
    public var phase: MemberPhase
    /// Of this phase.
    public var since: Timestamp
    /// Ends of its process in this generation that nobody ordered.
    public var restarts: Int
    /// How the last process ended, if one did.
    public var lastExit: MemberExit?
    /// Reaches it from its cell.
    public var address: String
    /// When the running process began.
    public var startedAt: Timestamp?
    public var pid: Int32?
    /// What keeps it from going on: the last thing that failed and will be tried again.
    public var problem: FoundryError?
    /// Which check fails and how, in words: of one that is not healthy.
    public var complaint: String?
    /// Of a member with replicas, or of one.
    public var replication: ReplicationReport?
    /// In force on its container; nil while it has none, or nobody knows.
    public var limits: ContainerLimits?
    /// What its `role` verb said: `leader`; nil: nobody asked.
    public var engineRole: String?

    public init(
        id: MemberID, generation: Int, phase: MemberPhase, since: Timestamp, restarts: Int, lastExit: MemberExit?,
        address: String,
        startedAt: Timestamp?, pid: Int32?, problem: FoundryError? = nil, complaint: String? = nil,
        replication: ReplicationReport? = nil, limits: ContainerLimits? = nil, engineRole: String? = nil
    ) {
        self.id = id
        self.generation = generation
        self.phase = phase
        self.since = since
        self.restarts = restarts
        self.lastExit = lastExit
        self.address = address
        self.startedAt = startedAt
        self.pid = pid
        self.problem = problem
        self.complaint = complaint
        self.replication = replication
        self.limits = limits
        self.engineRole = engineRole
    }
}

/// How much of its machine a container may use.
public struct ContainerLimits: Hashable, Sendable, Codable {
    public var memory: ByteCount
    public var cpu: Millicores

    public init(memory: ByteCount, cpu: Millicores) {
        self.memory = memory
        self.cpu = cpu
    }
}

extension WorkloadSpec {
    public var limits: ContainerLimits { ContainerLimits(memory: memory, cpu: cpu) }
}

/// What a member's engine says of its replication.
public enum ReplicationReport: Hashable, Sendable, Codable {
    /// It acknowledges nothing without these replicas, which had all there was when it began to wait for them; sorted.
    case primary(epoch: Epoch, waitsFor: [MemberID])
    /// It follows a holder of this epoch. `position` counts what it has, in the engine's own unit, 0 when nothing ever reached it (and then no epoch); `hasAll` once the holder stopped and it has the last of it.
    case replica(epoch: Epoch, position: UInt64, hasAll: Bool)
}

public enum MemberPhase: Hashable, Sendable, Codable {
    /// Its volume, network and container are being made.
    case preparing
    /// Its process runs and has not answered its health check yet.
    case starting
    case healthy
    /// Answered once, and does not now, or its disk does not.
    case unhealthy
    /// Runs, and says that it is not ready: no route leads to it.
    case unready
    case stopping
    case stopped
    /// Ended by itself; the next start is at `nextTry`.
    case waiting(nextTry: Timestamp)
    /// Ended too often; it is tried again at `nextTry`, seldom.
    case crashed(nextTry: Timestamp)
    /// It must not be started, and why.
    case refused(FoundryError)
}

public struct MemberExit: Hashable, Sendable, Codable {
    public var time: Timestamp
    /// A sentence: "exited with status 1", "killed by signal 9", "was killed for using more than its 256 MiB of memory".
    public var reason: String
    /// nil when nobody saw it.
    public var status: Int32?
    /// The last lines it logged, oldest first; at most ten.
    public var lastLines: [String]
    /// It was ended since it failed its check; nil: no, or nobody knows.
    public var isByCheck: Bool?

    public init(
        time: Timestamp, reason: String, status: Int32?, lastLines: [String], isByCheck: Bool? = nil
    ) {
        self.time = time
        self.reason = reason
        self.status = status
        self.lastLines = lastLines
        self.isByCheck = isByCheck
    }
}

/// A volume as it lies on a cell's pool.
public struct VolumeStatus: Hashable, Sendable, Codable {
    public var id: VolumeID
    /// nil: its label cannot be read, and the volume is set aside untouched; or it is being made.
    public var label: VolumeLabel?
    public var mounted: Bool
    /// Why it was refused, if it was.
    public var refusal: FoundryError?
    /// Of its file system, when mounted.
    public var used: ByteCount?
    /// Under this epoch, or an older one, its cell promised not to start it again; nil: it promised nothing.
    public var promised: Epoch?
    /// What keeps it from being made from a snapshot.
    public var problem: FoundryError?

    public init(
        id: VolumeID, label: VolumeLabel?, mounted: Bool, refusal: FoundryError?, used: ByteCount?,
        promised: Epoch? = nil, problem: FoundryError? = nil
    ) {
        self.id = id
        self.label = label
        self.mounted = mounted
        self.refusal = refusal
        self.used = used
        self.promised = promised
        self.problem = problem
    }
}
