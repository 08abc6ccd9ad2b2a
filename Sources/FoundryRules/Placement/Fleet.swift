import FoundryModel

/// All cells and what lies on them, indexed for placement.
///
/// It follows records one by one: each `put` replaces what was there under the same id, each `remove` of something unknown changes
/// nothing, and the order in which they come makes no difference to what is chosen. A change costs the logarithm of the zone's
/// cells; a cell that joins or leaves, or whose capacity changes, has its zone's index made anew.
///
/// Inside, cells, workloads and images are small integers; ids are looked up at the edge.
public struct Fleet: Sendable {
    var cellHandles = HandleTable<CellID>()
    var cells: [CellEntry] = []
    var zoneHandles = HandleTable<String>()
    var zones: [FleetZone] = []
    var workloadHandles = HandleTable<AppID>()
    var workloads: [WorkloadSpread] = []
    var imageHandles = HandleTable<String>()
    /// On how many cells each image lies.
    var imageCells: [Int32] = []
    var members = ClaimTable<MemberID>()
    var volumes = ClaimTable<VolumeID>()
    var reservations = ClaimTable<String>()
    /// The most that any known cell has of each: what "free" is measured by.
    var largest = ResourceAmounts()

    public init() {}

    /// - Parameter cells: each id once; a later one replaces an earlier one.
    public init(cells: [FleetCell]) { put(cells) }

    public var memberCount: Int { members.count }
    public var volumeCount: Int { volumes.count }

    /// How many cells are known, available or not.
    public var cellCount: Int { zones.reduce(0) { $0 + $1.cells.count } }

    /// What is free on a cell: capacity without what is claimed there, below zero when records claim more than there is.
    ///
    /// - Returns: nil when the cell is not known.
    public func free(on cell: CellID) -> CellCapacity? {
        guard let handle = cellHandles[cell], cells[Int(handle)].isKnown else { return nil }
        let free = cells[Int(handle)].free
        return CellCapacity(
            memory: ByteCount(bytes: free.memory), cpu: Millicores(Int(free.cpu)), disk: ByteCount(bytes: free.disk))
    }
}
