import FoundryModel

/// A cell as placement sees it.
public struct FleetCell: Hashable, Sendable {
    public var id: CellID
    public var zone: String
    /// Its disk is what volumes may take: the pool without the snapshot budget and the reserve, as `PoolRule` admits by.
    public var capacity: CellCapacity
    /// What its disk was measured to do; nil: nobody knows, and it limits nothing.
    public var rate: DiskRate?
    public var availability: CellAvailability
    /// Manifest digests of the images that lie unpacked on it.
    public var images: [String]

    public init(
        id: CellID, zone: String, capacity: CellCapacity, rate: DiskRate? = nil,
        availability: CellAvailability = .available, images: [String] = []
    ) {
        self.id = id
        self.zone = zone
        self.capacity = capacity
        self.rate = rate
        self.availability = availability
        self.images = images
    }
}

/// Whether a cell may take members. Only an available one does; what lies on the others still counts.
public enum CellAvailability: String, Hashable, Sendable, CaseIterable {
    case available
    /// A person wants it empty.
    case drained
    /// It did not renew in time; nothing is known of it.
    case late
    /// It was cut off.
    case fenced
}

/// What a disk does, or is asked to do, in a second.
public struct DiskRate: Hashable, Sendable {
    public var operations: Int64
    public var bytes: ByteCount

    public init(operations: Int64, bytes: ByteCount) {
        self.operations = operations
        self.bytes = bytes
    }

    public static let zero = Self(operations: 0, bytes: .zero)
}
