import FoundryModel

/// What one member asks of the cell that it will lie on.
public struct PlacementRequest: Hashable, Sendable {
    /// nil: it has none yet, and nothing to be spread from.
    public var workload: AppID?
    public var memory: ByteCount
    public var cpu: Millicores
    /// The size of its volume; nil: it has none. A cell that has a copy needs no more room for it.
    public var disk: ByteCount?
    public var rate: DiskRate
    /// The manifest digest of its image.
    public var image: String?
    /// Cells on which a copy of its volume lies.
    public var copies: [CellID]
    /// Only a cell of `copies` will do.
    public var needsCopy: Bool
    /// Cells that it never goes to.
    public var avoided: [CellID]
    /// No two members of the workload on one cell.
    public var cellSpread: PlacementWish
    /// No two members of the workload in one zone.
    public var zoneSpread: PlacementWish
    public var neighbours: [PlacementNeighbour]
    /// What must stay absorbable after it was placed.
    public var headroom: HeadroomRule
    /// Whether it would be started on another cell if its own were lost.
    public var restartsElsewhere: Bool
    /// Whether its volume would be made again on another cell if its own were lost.
    public var isRebuiltElsewhere: Bool

    public init(
        workload: AppID?, memory: ByteCount, cpu: Millicores = Millicores(0), disk: ByteCount? = nil,
        rate: DiskRate = .zero, image: String? = nil, copies: [CellID] = [], needsCopy: Bool = false,
        avoided: [CellID] = [], cellSpread: PlacementWish = .preferred, zoneSpread: PlacementWish = .preferred,
        neighbours: [PlacementNeighbour] = [], headroom: HeadroomRule = .none, restartsElsewhere: Bool = false,
        isRebuiltElsewhere: Bool = false
    ) {
        self.workload = workload
        self.memory = memory
        self.cpu = cpu
        self.disk = disk
        self.rate = rate
        self.image = image
        self.copies = copies
        self.needsCopy = needsCopy
        self.avoided = avoided
        self.cellSpread = cellSpread
        self.zoneSpread = zoneSpread
        self.neighbours = neighbours
        self.headroom = headroom
        self.restartsElsewhere = restartsElsewhere
        self.isRebuiltElsewhere = isRebuiltElsewhere
    }
}

/// How much a rule weighs.
public enum PlacementWish: String, Hashable, Sendable, CaseIterable {
    case indifferent
    /// Followed where that is possible.
    case preferred
    /// Followed, or nothing is placed.
    case required
}

/// Another workload whose members it wants on the same cell, or on another one.
public struct PlacementNeighbour: Hashable, Sendable {
    public enum Side: String, Hashable, Sendable, CaseIterable {
        case near
        case apart
    }

    public var workload: AppID
    public var side: Side
    /// Preferred or required; it does not hang on either.
    public var isRequired: Bool

    public init(_ side: Side, _ workload: AppID, isRequired: Bool) {
        self.workload = workload
        self.side = side
        self.isRequired = isRequired
    }
}

/// Whose loss the rest of the cells must be able to absorb after a placement; decision 0009.
public enum HeadroomRule: String, Hashable, Sendable, CaseIterable {
    /// For what is placed to absorb a loss: it may use the headroom.
    case none
    case cell
    case zone
}

/// Where a member goes.
public struct PlacementChoice: Hashable, Sendable {
    public var cell: CellID
    /// The lowest free last byte of an address there.
    public var slot: Int
    /// A copy of its volume lies there.
    public var usesCopy: Bool
    /// Its image lies there unpacked.
    public var hasImage: Bool
}
