/// Everything that a cell shall hold, whole: what is not named here is not its own any more.
public struct CellOrders: Hashable, Sendable, Codable {
    /// Of the store, when the orders were written. A cell ignores orders older than those it follows.
    public var revision: Int64
    public var term: Term
    /// Sorted by id.
    public var members: [MemberOrder]
    /// Sorted by id.
    public var volumes: [VolumeOrder]

    public init(revision: Int64, term: Term, members: [MemberOrder], volumes: [VolumeOrder]) {
        self.revision = revision
        self.term = term
        self.members = members
        self.volumes = volumes
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

    public init(
        id: MemberID, app: AppID, name: String, generation: Int, run: Bool, slot: Int, spec: WorkloadSpec,
        volume: VolumeID?
    ) {
        self.id = id
        self.app = app
        self.name = name
        self.generation = generation
        self.run = run
        self.slot = slot
        self.spec = spec
        self.volume = volume
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
    /// Unmounted and sealed, its data untouched.
    case keep
    /// Deleted with its data. The only word that deletes anything.
    case delete
}
