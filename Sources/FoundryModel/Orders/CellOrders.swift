/// Everything that a cell shall hold, whole: what is not named here is not its own any more.
public struct CellOrders: Hashable, Sendable, Codable {
    /// Of the store, when the orders were written. A cell ignores orders older than those it follows.
    public var revision: Int64
    public var term: Term
    /// Sorted by id.
    public var members: [MemberOrder]
    /// Sorted by id.
    public var volumes: [VolumeOrder]
    /// For which the orders were written; guarded members start under no other. nil where no sessions are held.
    public var session: SessionID?
    /// Fences of this cell's incarnation that want its word.
    public var fences: [FenceOrder]
    /// Commands that wait for the cell's streams.
    public var execs: [ExecOrder]
    /// Sorted by id.
    public var snapshots: [SnapshotOrder]
    /// Sorted by id.
    public var verbs: [VerbOrder]

    public init(
        revision: Int64, term: Term, members: [MemberOrder], volumes: [VolumeOrder], session: SessionID? = nil,
        fences: [FenceOrder] = [], execs: [ExecOrder] = [], snapshots: [SnapshotOrder] = [],
        verbs: [VerbOrder] = []
    ) {
        self.revision = revision
        self.term = term
        self.members = members
        self.volumes = volumes
        self.session = session
        self.fences = fences
        self.execs = execs
        self.snapshots = snapshots
        self.verbs = verbs
    }
}

/// A fence that wants a cell's word: it stops these holders, writes down that it will not start them at these epochs again, synced, and says so.
public struct FenceOrder: Hashable, Sendable, Codable {
    public var fence: FenceID
    /// Sorted by volume.
    public var promises: [VolumePromise]

    public init(fence: FenceID, promises: [VolumePromise]) {
        self.fence = fence
        self.promises = promises
    }
}

/// What one member shall be.
public struct MemberOrder: Hashable, Sendable, Codable {
    public var id: MemberID
    public var app: AppID
    /// `demo/0`
    public var name: String
    /// A change means a new container.
    public var generation: Int
    public var run: Bool
    public var slot: Int
    public var spec: WorkloadSpec
    public var volume: VolumeID?
    public var role: MemberRole
    /// Where a replica finds its primary; nil while it has none.
    public var source: RouteTarget?
    /// Replicas without which this primary acknowledges nothing, sorted.
    public var waitsFor: [MemberID]
    /// It runs under the cell's guards, and only while the session of the orders is the cell's.
    public var isGuarded: Bool
    /// Of an instance's member.
    public var service: ServiceOrder?
    /// Of an app that is bound to services.
    public var bindings: BoundServicesOrder?

    public init(
        id: MemberID, app: AppID, name: String, generation: Int, run: Bool, slot: Int, spec: WorkloadSpec,
        volume: VolumeID?, role: MemberRole = .primary, source: RouteTarget? = nil, waitsFor: [MemberID] = [],
        isGuarded: Bool = false, service: ServiceOrder? = nil, bindings: BoundServicesOrder? = nil
    ) {
        self.id = id
        self.app = app
        self.name = name
        self.generation = generation
        self.run = run
        self.slot = slot
        self.spec = spec
        self.volume = volume
        self.role = role
        self.source = source
        self.waitsFor = waitsFor
        self.isGuarded = isGuarded
        self.service = service
        self.bindings = bindings
    }
}

/// What one volume shall be.
public struct VolumeOrder: Hashable, Sendable, Codable {
    public var id: VolumeID
    public var lineage: LineageID
    public var branch: Int
    public var epoch: Epoch
    public var size: ByteCount
    public var directories: [String]
    public var purpose: VolumePurpose

    public init(
        id: VolumeID, lineage: LineageID, branch: Int, epoch: Epoch, size: ByteCount, directories: [String],
        purpose: VolumePurpose
    ) {
        self.id = id
        self.lineage = lineage
        self.branch = branch
        self.epoch = epoch
        self.size = size
        self.directories = directories
        self.purpose = purpose
    }
}

public enum VolumePurpose: Hashable, Sendable, Codable {
    /// Serves this member under the order's epoch. `sealedAt` is the oldest epoch that its label may carry: under which its last holder left it sealed
    /// (none: it had no holder), or the order's own once the control plane knows that it was taken under it. `mayCreate` only as long as no cell ever
    /// said that the volume exists.
    case serve(MemberID, sealedAt: Epoch, mayCreate: Bool)
    /// As `serve`, from a replica that holds every acknowledged write, or that begins a new branch: its label may be a replica's, not sealed, of the branch
    /// and the epoch that it followed, `from` (an older epoch is refused).
    case promote(MemberID, from: CopyOrigin)
    /// A replica of this member: it follows the holder of the order's epoch. `mayCreate` as long as no cell ever said that it exists.
    case follow(MemberID, mayCreate: Bool)
    /// Made from a snapshot, if it is not there; nobody uses it yet.
    case make(from: SnapshotID)
    /// Unmounted and sealed, its data untouched.
    case keep
    /// Deleted with its data. The only word that deletes anything.
    case delete
}

/// What a copy must be to take over.
public struct CopyOrigin: Hashable, Sendable, Codable {
    public var branch: Int
    /// The least that its label may carry.
    public var epoch: Epoch

    public init(branch: Int, epoch: Epoch) {
        self.branch = branch
        self.epoch = epoch
    }
}
