import FoundryModel

/// What a cell finds of ours on its machine when it starts.
public struct CellObservation: Hashable, Sendable {
    public var machineID: String
    public var bootID: String
    public var capacity: CellCapacity
    public var volumes: [VolumeObservation]
    public var snapshots: [SnapshotObservation]
    public var containers: [ContainerObservation]
    /// Members whose overlay is mounted.
    public var rootfs: Set<MemberID>
    /// Slots whose network namespace exists, whole or in part.
    public var networks: Set<Int>
    /// Of every member that left anything in the data directory: an empty one where it never ended by itself.
    public var histories: [MemberID: RestartHistory]
    /// Of the data directory; nil where no sessions are held.
    public var incarnation: IncarnationID?
    /// The machine for which the incarnation was begun; nil where none is recorded. Another one than this: the data directory is a copy.
    public var homeMachineID: String?
    /// By the fence that asked for them.
    public var promises: [FenceID: [VolumePromise]]
    /// Members whose containers lie below the guards.
    public var guarded: Set<MemberID>
    /// The guards acted and nobody has unlatched them.
    public var isLatched: Bool
    /// The kernel lets a volume grow only while nothing uses it.
    public var growsAtRest: Bool
    /// The ways that are open; nil: they cannot be read.
    public var links: NetworkLinks?

    public init(
        machineID: String, bootID: String, capacity: CellCapacity, volumes: [VolumeObservation] = [],
        containers: [ContainerObservation] = [], rootfs: Set<MemberID> = [], networks: Set<Int> = [],
        histories: [MemberID: RestartHistory] = [:], incarnation: IncarnationID? = nil, homeMachineID: String? = nil,
        promises: [FenceID: [VolumePromise]] = [:], guarded: Set<MemberID> = [], isLatched: Bool = false,
        growsAtRest: Bool = false, snapshots: [SnapshotObservation] = [], links: NetworkLinks? = NetworkLinks()
    ) {
        self.machineID = machineID
        self.bootID = bootID
        self.capacity = capacity
        self.volumes = volumes
        self.containers = containers
        self.rootfs = rootfs
        self.networks = networks
        self.histories = histories
        self.incarnation = incarnation
        self.homeMachineID = homeMachineID
        self.promises = promises
        self.guarded = guarded
        self.isLatched = isLatched
        self.growsAtRest = growsAtRest
        self.snapshots = snapshots
        self.links = links
    }
}

/// A volume as it lies on the pool.
public struct VolumeObservation: Hashable, Sendable {
    public var id: VolumeID
    /// Beside the data.
    public var label: LabelReading
    /// Inside the mounted file system; nil while it is not mounted.
    public var inner: LabelReading?
    /// Of the mounted file system.
    public var used: ByteCount?
    /// In force while it is mounted.
    public var tuning: VolumeTuning

    public init(
        id: VolumeID, label: LabelReading, inner: LabelReading? = nil, used: ByteCount? = nil,
        tuning: VolumeTuning = VolumeTuning()
    ) {
        self.id = id
        self.label = label
        self.inner = inner
        self.used = used
        self.tuning = tuning
    }

    public var isMounted: Bool { inner != nil }
}

public enum LabelReading: Hashable, Sendable {
    case label(VolumeLabel)
    case absent
    /// Present, and not a label of ours that this version reads.
    case unreadable(String)
}

/// A snapshot as it lies on the pool.
public struct SnapshotObservation: Hashable, Sendable {
    public var id: SnapshotID
    /// nil: it cannot be read; the snapshot is left untouched.
    public var label: SnapshotLabel?

    public init(id: SnapshotID, label: SnapshotLabel?) {
        self.id = id
        self.label = label
    }
}

/// A container that exists, and what its processes do.
public struct ContainerObservation: Hashable, Sendable {
    public var member: MemberID
    /// Of the order that it was made for.
    public var generation: Int
    public var phase: ContainerPhase
    /// conmon is alive: it holds the log and will see the end.
    public var isMonitored: Bool
    /// In force; nil where nobody knows, as of a half made one.
    public var limits: ContainerLimits?

    public init(
        member: MemberID, generation: Int, phase: ContainerPhase, isMonitored: Bool, limits: ContainerLimits? = nil
    ) {
        self.member = member
        self.generation = generation
        self.phase = phase
        self.isMonitored = isMonitored
        self.limits = limits
    }
}

public enum ContainerPhase: Hashable, Sendable {
    /// Half made: `container.create` did not end.
    case broken
    case created
    case running(pid: Int32, startedAt: Timestamp)
    case ended(MemberExit)
}

/// How a member ended so far, within one generation.
public struct RestartHistory: Hashable, Sendable, Codable {
    public var generation: Int
    /// Ends that nobody ordered.
    public var restarts: Int
    /// Ends in a row, none of them after the member had been healthy for long.
    public var endsInARow: Int
    public var lastExit: MemberExit?
    public var nextTry: Timestamp?

    public init(
        generation: Int, restarts: Int = 0, endsInARow: Int = 0, lastExit: MemberExit? = nil, nextTry: Timestamp? = nil
    ) {
        self.generation = generation
        self.restarts = restarts
        self.endsInARow = endsInARow
        self.lastExit = lastExit
        self.nextTry = nextTry
    }
}
