/// A snapshot: one of `GET /foundry/v1/snapshots`.
public struct SnapshotSummary: Hashable, Sendable, Codable {
    public var guid: String
    public var name: String
    /// The app's guid.
    public var app: String
    /// The app's name when the snapshot was asked for; it may be gone.
    public var appName: String
    /// Of the member whose disk it is of.
    public var index: Int
    /// The volume's guid.
    public var volume: String
    public var cell: String
    /// Bytes: what it is counted with.
    public var size: Int64
    /// `asked`, `taken`, `removing`
    public var state: String
    public var takenAt: WireTime?
    /// For so long its writers were held; nil when nothing had the volume mounted, or until it is taken.
    public var pauseMilliseconds: Int64?
    /// Of the volume when it was taken.
    public var branch: Int?
    public var epoch: UInt64?
    public var createdAt: WireTime
    /// The name of the token that asked for it.
    public var createdBy: String

    public init(
        guid: String, name: String, app: String, appName: String, index: Int = 0, volume: String, cell: String,
        size: Int64,
        state: String, takenAt: WireTime?, pauseMilliseconds: Int64?, branch: Int?, epoch: UInt64?,
        createdAt: WireTime, createdBy: String
    ) {
        self.guid = guid
        self.name = name
        self.app = app
        self.appName = appName
        self.index = index
        self.volume = volume
        self.cell = cell
        self.size = size
        self.state = state
        self.takenAt = takenAt
        self.pauseMilliseconds = pauseMilliseconds
        self.branch = branch
        self.epoch = epoch
        self.createdAt = createdAt
        self.createdBy = createdBy
    }
}

/// What `POST /foundry/v1/apps/:guid/snapshots` takes.
public struct SnapshotRequest: Hashable, Sendable, Codable {
    /// nil: one is made of the time.
    public var name: String?
    /// The number of the member whose disk is meant; nil: the only one.
    public var instance: Int?

    public init(name: String?, instance: Int? = nil) {
        self.name = name
        self.instance = instance
    }
}
