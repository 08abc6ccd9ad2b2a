/// What one snapshot shall be.
public struct SnapshotOrder: Hashable, Sendable, Codable {
    public var id: SnapshotID
    public var volume: VolumeID
    public var lineage: LineageID
    public var purpose: SnapshotPurpose

    public init(id: SnapshotID, volume: VolumeID, lineage: LineageID, purpose: SnapshotPurpose) {
        self.id = id
        self.volume = volume
        self.lineage = lineage
        self.purpose = purpose
    }
}

public enum SnapshotPurpose: String, Hashable, Sendable, Codable {
    /// Taken, if it is not there.
    case take
    case keep
    /// Deleted. The only word that deletes a snapshot.
    case delete
}

/// A snapshot as it lies on a cell's pool, or as it is being taken.
public struct SnapshotStatus: Hashable, Sendable, Codable {
    public var id: SnapshotID
    /// nil: it is not whole, or cannot be read.
    public var label: SnapshotLabel?
    /// What keeps it from being taken or deleted.
    public var problem: FoundryError?

    public init(id: SnapshotID, label: SnapshotLabel?, problem: FoundryError? = nil) {
        self.id = id
        self.label = label
        self.problem = problem
    }
}

/// What a snapshot says about itself, beside its data; written last, so one without it is not whole.
public struct SnapshotLabel: Hashable, Sendable, Codable {
    public static let currentVersion = 1

    public var version: Int
    public var snapshot: SnapshotID
    /// The label beside the volume's data when it was taken.
    public var source: VolumeLabel
    public var takenAt: Timestamp
    /// From the freeze of its file system to the thaw; nil: it was not mounted.
    public var pauseMilliseconds: Int64?

    public init(
        version: Int = Self.currentVersion, snapshot: SnapshotID, source: VolumeLabel, takenAt: Timestamp,
        pauseMilliseconds: Int64?
    ) {
        self.version = version
        self.snapshot = snapshot
        self.source = source
        self.takenAt = takenAt
        self.pauseMilliseconds = pauseMilliseconds
    }

    /// What the control plane keeps of it.
    public var taking: SnapshotTaking {
        SnapshotTaking(
            takenAt: takenAt, pauseMilliseconds: pauseMilliseconds, branch: source.branch, epoch: source.epoch)
    }
}
