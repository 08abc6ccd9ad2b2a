/// A durable disk as the control plane knows it.
public struct VolumeRecord: Hashable, Sendable, Codable {
    public var id: VolumeID
    /// The app it was made for, and its name then: it stays readable after the app is gone.
    public var app: AppID
    public var appName: AppName
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

    public init(
        id: VolumeID, app: AppID, appName: AppName, cell: CellID, size: ByteCount, directories: [String],
        lineage: LineageID, branch: Int,
        epoch: Epoch, sealedAt: Epoch, isMade: Bool, phase: VolumePhase, createdAt: Timestamp
    ) {
        self.id = id
        self.app = app
        self.appName = appName
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
    /// Its app was deleted; it is purged at this time, not before.
    case kept(until: Timestamp)
    /// Ordered to be deleted; the record goes when the cell says that it is gone.
    case purging
}
