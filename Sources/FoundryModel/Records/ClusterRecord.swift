/// What holds for the cluster as a whole: one record.
public struct ClusterRecord: Hashable, Sendable, Codable {
    /// Grows when the store was restored from a backup; the high bits of every epoch.
    public var generation: UInt16
    /// While on, nothing is guarded and no cell is expired.
    public var isInMaintenance: Bool
    public var brake: Brake?
    /// Cells that have not reported their labels since the store was restored: what lies on them is not known, and nothing of theirs starts elsewhere.
    public var unheard: Set<CellID>
    /// The last restore of the store; nil when there was none.
    public var restore: StoreRestore?

    public init(
        generation: UInt16 = 0, isInMaintenance: Bool = false, brake: Brake? = nil, unheard: Set<CellID> = [],
        restore: StoreRestore? = nil
    ) {
        self.generation = generation
        self.isInMaintenance = isInMaintenance
        self.brake = brake
        self.unheard = unheard
        self.restore = restore
    }
}

/// That the store was put back as it was earlier: what happened in between, its records do not know.
public struct StoreRestore: Hashable, Sendable, Codable {
    public var at: Timestamp
    /// When what was put back was taken; nil: not known.
    public var takenAt: Timestamp?

    public init(at: Timestamp, takenAt: Timestamp?) {
        self.at = at
        self.takenAt = takenAt
    }
}

/// Too many cells fell silent at once: fencing has stopped until a person says that it may go on; design 5.8.
public struct Brake: Hashable, Sendable, Codable {
    public var since: Timestamp
    /// Sorted.
    public var cells: [CellID]

    public init(since: Timestamp, cells: [CellID]) {
        self.since = since
        self.cells = cells
    }
}
