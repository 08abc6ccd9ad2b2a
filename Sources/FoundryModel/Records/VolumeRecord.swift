/// A durable disk as the control plane knows it.
public struct VolumeRecord: Hashable, Sendable, Codable {
    public var id: VolumeID
    /// The app it was made for, and its name then: it stays readable after the app is gone.
    public var app: AppID
    public var appName: AppName
    /// Of the member that it was made for.
    public var index: Int
    public var cell: CellID
    public var size: ByteCount
    /// Directories that are made below its data directory when the volume is made.
    public var directories: [String]
    public var lineage: LineageID
    public var branch: Int
    /// Of its holder, or of its last one.
    public var epoch: Epoch
    /// The oldest epoch that its label may carry: the one under which it was last left sealed, none when it never was; as soon as a cell said that the
    /// holder took it, the holder's. A copy from before that is no longer its data.
    public var sealedAt: Epoch
    /// A cell said once that it exists on its disk.
    public var isMade: Bool
    public var phase: VolumePhase
    public var createdAt: Timestamp
    /// Of its cell, when it was placed there; nil where no sessions are held.
    public var incarnation: IncarnationID?
    public var guardState: GuardState
    /// Of a holder with replicas: those that know every acknowledged write.
    public var replication: ReplicationState
    /// What its copy must be to take over; nil once its holder took it, and for what never was a replica.
    public var origin: CopyOrigin?
    /// After a restore of the store: the newest epoch under which another copy was seen to be held. It stays when that copy is gone, for what was written
    /// under it was acknowledged.
    public var overtaken: Epoch
    /// What it is, or was, made from; nil: it was made empty, or of a primary's data.
    public var source: SnapshotSource?
    /// Whose place it takes, once it is made and that one's holder has stopped; nil: nobody's, or it did.
    public var replaces: VolumeID?
    /// It is kept because its app has fewer members than it had: the member of its index gets it again, if the app is to have that one again before it is
    /// purged.
    public var awaitsMember: Bool

    public init(
        id: VolumeID, app: AppID, appName: AppName, index: Int = 0, cell: CellID, size: ByteCount,
        directories: [String], lineage: LineageID, branch: Int,
        epoch: Epoch, sealedAt: Epoch, isMade: Bool, phase: VolumePhase, createdAt: Timestamp,
        incarnation: IncarnationID? = nil, guardState: GuardState = .off,
        replication: ReplicationState = ReplicationState(), origin: CopyOrigin? = nil, overtaken: Epoch = .none,
        source: SnapshotSource? = nil, replaces: VolumeID? = nil, awaitsMember: Bool = false
    ) {
        self.id = id
        self.app = app
        self.appName = appName
        self.index = index
        self.cell = cell
        self.size = size
        self.directories = directories
        self.lineage = lineage
        self.branch = branch
        self.epoch = epoch
        self.sealedAt = sealedAt
        self.isMade = isMade
        self.phase = phase
        self.createdAt = createdAt
        self.incarnation = incarnation
        self.guardState = guardState
        self.replication = replication
        self.origin = origin
        self.overtaken = overtaken
        self.source = source
        self.replaces = replaces
        self.awaitsMember = awaitsMember
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(VolumeID.self, forKey: .id)
        app = try container.decode(AppID.self, forKey: .app)
        appName = try container.decode(AppName.self, forKey: .appName)
        index = try container.decodeIfPresent(Int.self, forKey: .index) ?? 0
        cell = try container.decode(CellID.self, forKey: .cell)
        size = try container.decode(ByteCount.self, forKey: .size)
        directories = try container.decode([String].self, forKey: .directories)
        lineage = try container.decode(LineageID.self, forKey: .lineage)
        branch = try container.decode(Int.self, forKey: .branch)
        epoch = try container.decode(Epoch.self, forKey: .epoch)
        sealedAt = try container.decode(Epoch.self, forKey: .sealedAt)
        isMade = try container.decode(Bool.self, forKey: .isMade)
        phase = try container.decode(VolumePhase.self, forKey: .phase)
        createdAt = try container.decode(Timestamp.self, forKey: .createdAt)
        incarnation = try container.decodeIfPresent(IncarnationID.self, forKey: .incarnation)
        guardState = try container.decodeIfPresent(GuardState.self, forKey: .guardState) ?? .off
        replication = try container.decodeIfPresent(ReplicationState.self, forKey: .replication) ?? ReplicationState()
        origin = try container.decodeIfPresent(CopyOrigin.self, forKey: .origin)
        overtaken = try container.decodeIfPresent(Epoch.self, forKey: .overtaken) ?? .none
        source = try container.decodeIfPresent(SnapshotSource.self, forKey: .source)
        replaces = try container.decodeIfPresent(VolumeID.self, forKey: .replaces)
        awaitsMember = try container.decodeIfPresent(Bool.self, forKey: .awaitsMember) ?? false
    }

    /// It is to be made from a snapshot, and no cell said yet that it is.
    public var isBeingMade: Bool { source != nil && !isMade }
}

/// What a volume begins as, instead of empty.
public struct SnapshotSource: Hashable, Sendable, Codable {
    public var snapshot: SnapshotID
    /// Whose disk it was.
    public var app: AppID

    public init(snapshot: SnapshotID, app: AppID) {
        self.snapshot = snapshot
        self.app = app
    }
}

/// Where a volume is in its life. Once it was made, missing or empty data is refused.
public enum VolumePhase: Hashable, Sendable, Codable {
    /// Counted against the pool; granted to nobody yet.
    case allotted
    /// A member may write to it, under the record's epoch.
    case held(by: MemberID)
    /// Its last holder stopped, and the cell sealed it under the record's epoch.
    case sealed
    /// A copy that its member keeps current from the holder of the branch; its epoch is the one it follows.
    case follows(VolumeID)
    /// It was the holder of its branch when another branch was begun without its word, or when its app went back to an earlier state: stopped, and kept until a
    /// person lets it go.
    case forked(since: Timestamp)
    /// Its app was deleted, or has fewer members now, or another copy took over from it; it is purged at this time, not before.
    case kept(until: Timestamp)
    /// Ordered to be deleted; the record goes when the cell says that it is gone.
    case purging
}

/// Whether the control plane may take a cell's silence for a volume's freedom; design 5.4.
public enum GuardState: Hashable, Sendable, Codable {
    /// It moves only on its cell's word, on power evidence, or on a person's. Recorded before the cell is told.
    case off
    /// The cell is told to put the holder under its guards.
    case ordered
    /// The cell said that it did, following orders of at least this revision, that of the record that ordered it.
    case on(orderedAt: Int64)
}

/// Which replicas know every acknowledged write of a holder: they can take over without a loss.
public struct ReplicationState: Hashable, Sendable, Codable {
    /// Replicas that the holder is told to wait for. To take one out, the record goes first, the order after it.
    public var waitsFor: [VolumeID]
    /// Of those: that the holder said it waits for, and that had caught up.
    public var enforced: [VolumeID]

    public init(waitsFor: [VolumeID] = [], enforced: [VolumeID] = []) {
        self.waitsFor = waitsFor
        self.enforced = enforced
    }
}
