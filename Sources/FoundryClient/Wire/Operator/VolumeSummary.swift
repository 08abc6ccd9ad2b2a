/// A volume: one of `GET /foundry/v1/volumes`.
public struct VolumeSummary: Hashable, Sendable, Codable {
    public var guid: String
    public var app: String
    /// The app's name when the volume was made; it may be gone.
    public var appName: String
    /// Of the member that it was made for.
    public var index: Int
    public var cell: String
    /// Bytes.
    public var size: Int64
    /// Bytes, as its file system counts; nil when it is not mounted.
    public var used: Int64?
    /// `allotted`, `held`, `sealed`, `forked`, `kept`, `purging`
    public var phase: String
    /// The member that holds it.
    public var holder: String?
    /// When it is purged, for a kept one.
    public var keptUntil: WireTime?
    public var isMade: Bool
    public var isMounted: Bool
    public var lineage: String
    public var branch: Int
    public var epoch: UInt64
    /// Why its cell refuses it.
    public var refusal: ErrorExtension?
    public var createdAt: WireTime
    /// The guid of the snapshot that it was made from, which may be gone.
    public var source: String?
    /// The guid of the volume whose place it is to take.
    public var replaces: String?
    /// Since when its app goes on without it, for one that is `forked`.
    public var forkedAt: WireTime?
    /// It is kept for the member of its index, should its app have that one again.
    public var awaitsMember: Bool

    public init(
        guid: String, app: String, appName: String, index: Int = 0, cell: String, size: Int64, used: Int64?,
        phase: String,
        holder: String?,
        keptUntil: WireTime?, isMade: Bool, isMounted: Bool, lineage: String, branch: Int, epoch: UInt64,
        refusal: ErrorExtension?,
        createdAt: WireTime, source: String? = nil, replaces: String? = nil, forkedAt: WireTime? = nil,
        awaitsMember: Bool = false
    ) {
        self.guid = guid
        self.app = app
        self.appName = appName
        self.index = index
        self.cell = cell
        self.size = size
        self.used = used
        self.phase = phase
        self.holder = holder
        self.keptUntil = keptUntil
        self.isMade = isMade
        self.isMounted = isMounted
        self.lineage = lineage
        self.branch = branch
        self.epoch = epoch
        self.refusal = refusal
        self.createdAt = createdAt
        self.source = source
        self.replaces = replaces
        self.forkedAt = forkedAt
        self.awaitsMember = awaitsMember
    }
}
