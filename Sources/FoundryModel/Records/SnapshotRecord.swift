/// A snapshot of an app's volume as the control plane knows it.
public struct SnapshotRecord: Hashable, Sendable, Codable {
    public var id: SnapshotID
    public var name: SnapshotName
    /// The app it was made of, and its name then: both stay readable after the app is gone.
    public var app: AppID
    public var appName: AppName
    /// Of the member whose volume it is of.
    public var index: Int
    public var volume: VolumeID
    public var cell: CellID
    /// Of the volume's data: a snapshot says the same.
    public var lineage: LineageID
    /// Of the volume when it was asked for: what the snapshot may come to take of the pool, once all of the volume is written anew.
    public var size: ByteCount
    public var state: SnapshotState
    public var createdAt: Timestamp
    /// By the token of that name.
    public var createdBy: String
    /// Taken for this volume alone, and removed when that is made from it; nil: it stays until a person removes it.
    public var madeFor: VolumeID?

    public init(
        id: SnapshotID, name: SnapshotName, app: AppID, appName: AppName, index: Int = 0, volume: VolumeID,
        cell: CellID, lineage: LineageID, size: ByteCount, state: SnapshotState, createdAt: Timestamp,
        createdBy: String, madeFor: VolumeID? = nil
    ) {
        self.id = id
        self.name = name
        self.app = app
        self.appName = appName
        self.index = index
        self.volume = volume
        self.cell = cell
        self.lineage = lineage
        self.size = size
        self.state = state
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.madeFor = madeFor
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(SnapshotID.self, forKey: .id)
        name = try container.decode(SnapshotName.self, forKey: .name)
        app = try container.decode(AppID.self, forKey: .app)
        appName = try container.decode(AppName.self, forKey: .appName)
        index = try container.decodeIfPresent(Int.self, forKey: .index) ?? 0
        volume = try container.decode(VolumeID.self, forKey: .volume)
        cell = try container.decode(CellID.self, forKey: .cell)
        lineage = try container.decode(LineageID.self, forKey: .lineage)
        size = try container.decode(ByteCount.self, forKey: .size)
        state = try container.decode(SnapshotState.self, forKey: .state)
        createdAt = try container.decode(Timestamp.self, forKey: .createdAt)
        createdBy = try container.decode(String.self, forKey: .createdBy)
        madeFor = try container.decodeIfPresent(VolumeID.self, forKey: .madeFor)
    }
}

public enum SnapshotState: Hashable, Sendable, Codable {
    /// Its size is counted; the cell is told to take it.
    case asked
    case taken(SnapshotTaking)
    /// Ordered to be deleted; the record goes when the cell says that it is gone.
    case removing
}

/// How a snapshot was taken.
public struct SnapshotTaking: Hashable, Sendable, Codable {
    public var takenAt: Timestamp
    /// For so long its writers were held; nil: nothing had the volume mounted.
    public var pauseMilliseconds: Int64?
    /// Of the volume then.
    public var branch: Int
    public var epoch: Epoch

    public init(takenAt: Timestamp, pauseMilliseconds: Int64?, branch: Int, epoch: Epoch) {
        self.takenAt = takenAt
        self.pauseMilliseconds = pauseMilliseconds
        self.branch = branch
        self.epoch = epoch
    }
}

/// The name of a snapshot, unique among those of its app: the same shape as an app's.
public struct SnapshotName: CheckedText {
    public static let noun = "a name"

    public let description: String

    public init?(_ text: String) {
        guard AppName(text) != nil else { return nil }
        description = text
    }
}
