import FoundryModel

/// A member that lies on a cell.
public struct FleetMember: Hashable, Sendable {
    public var id: MemberID
    public var workload: AppID
    public var cell: CellID
    /// The last byte of its address on its cell.
    public var slot: Int
    public var memory: ByteCount
    public var cpu: Millicores
    public var rate: DiskRate
    /// Whether it would be started on another cell if its own were lost: headroom is kept for it then.
    public var restartsElsewhere: Bool

    public init(
        id: MemberID, workload: AppID, cell: CellID, slot: Int, memory: ByteCount, cpu: Millicores = Millicores(0),
        rate: DiskRate = .zero, restartsElsewhere: Bool = false
    ) {
        self.id = id
        self.workload = workload
        self.cell = cell
        self.slot = slot
        self.memory = memory
        self.cpu = cpu
        self.rate = rate
        self.restartsElsewhere = restartsElsewhere
    }
}

/// A volume, or a copy of one, that takes its whole size of a cell's pool.
public struct FleetVolume: Hashable, Sendable {
    public var id: VolumeID
    public var cell: CellID
    public var size: ByteCount
    /// Whether it would be made again on another cell, from a replica, if its cell were lost.
    public var isRebuiltElsewhere: Bool

    public init(id: VolumeID, cell: CellID, size: ByteCount, isRebuiltElsewhere: Bool = false) {
        self.id = id
        self.cell = cell
        self.size = size
        self.isRebuiltElsewhere = isRebuiltElsewhere
    }
}

/// Room that is kept on a cell for something that is not there yet: a replica that may be promoted, a move that is under way.
public struct FleetReservation: Hashable, Sendable {
    /// Chosen by who reserves; the same id again replaces the one before.
    public var id: String
    public var cell: CellID
    public var memory: ByteCount
    public var cpu: Millicores
    public var disk: ByteCount
    public var rate: DiskRate

    public init(
        id: String, cell: CellID, memory: ByteCount = .zero, cpu: Millicores = Millicores(0), disk: ByteCount = .zero,
        rate: DiskRate = .zero
    ) {
        self.id = id
        self.cell = cell
        self.memory = memory
        self.cpu = cpu
        self.disk = disk
        self.rate = rate
    }
}
