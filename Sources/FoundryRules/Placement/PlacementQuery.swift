import FoundryModel

/// A request in handles: what is looked up once, before any cell is looked at.
struct PlacementQuery {
    let request: PlacementRequest
    let asked: ResourceAmounts
    /// Where a copy lies, the volume is counted already.
    let askedBesideCopy: ResourceAmounts
    /// The members of its own workload.
    let own: WorkloadSpread
    /// By zone, how many of them; empty when zones do not matter.
    let ownInZones: [Int64]
    let copies: [Int32]
    let avoided: [Int32]
    let neighbours: [Neighbour]
    /// -1: it lies nowhere.
    let image: Int32
    /// Cells to which more applies than their room, their zone and their image.
    let special: [Int32]
    /// The only cells that will do; nil: any.
    let only: [Int32]?

    struct Neighbour {
        var spread: WorkloadSpread
        var side: PlacementNeighbour.Side
        var isRequired: Bool
        var workload: AppID
    }

    init(_ request: PlacementRequest, in fleet: Fleet) {
        self.request = request
        asked = ResourceAmounts(
            memory: request.memory, cpu: request.cpu, disk: request.disk ?? .zero, rate: request.rate)
        var beside = asked
        beside.disk = 0
        askedBesideCopy = beside
        own = request.workload.map { fleet.spread(of: $0) } ?? WorkloadSpread()
        ownInZones = request.zoneSpread == .indifferent ? [] : fleet.zoneCounts(own)
        copies = request.copies.compactMap { fleet.cellHandles[$0] }
        avoided = request.avoided.compactMap { fleet.cellHandles[$0] }
        neighbours = request.neighbours.map {
            Neighbour(
                spread: fleet.spread(of: $0.workload), side: $0.side, isRequired: $0.isRequired, workload: $0.workload)
        }
        image = request.image.flatMap { fleet.imageHandles[$0] } ?? -1
        special = Self.special(request, own: own, copies: copies, avoided: avoided, neighbours: neighbours)
        only = request.needsCopy ? copies : neighbours.first { $0.isRequired && $0.side == .near }?.spread.cells
    }

    private static func special(
        _ request: PlacementRequest, own: WorkloadSpread, copies: [Int32], avoided: [Int32], neighbours: [Neighbour]
    ) -> [Int32] {
        var cells = copies + avoided
        if request.cellSpread != .indifferent { cells += own.cells }
        for neighbour in neighbours { cells += neighbour.spread.cells }
        return cells
    }

    func asked(on cell: Int32) -> ResourceAmounts { copies.contains(cell) ? askedBesideCopy : asked }

    /// The workloads beside which it must lie, or must not, and that say no to this cell.
    func objecting(_ side: PlacementNeighbour.Side, on cell: Int32) -> [AppID] {
        neighbours.filter {
            $0.isRequired && $0.side == side && ($0.spread.members(on: cell) > 0) == (side == .apart)
        }.map(\.workload)
    }

    /// What of it would have to find room elsewhere if its cell were lost.
    func held(_ asked: ResourceAmounts) -> PieceTally {
        PieceTally(
            memory: request.restartsElsewhere ? PieceTally.pieces(claimedBy: asked.memory) : .zero,
            disk: request.isRebuiltElsewhere ? PieceTally.pieces(claimedBy: asked.disk) : .zero)
    }

    // Scores. Each outweighs all that come after it: a copy, the zone, the cell, neighbours; then room and image together.

    static let copyWeight: Int64 = 1 << 61
    static let zoneWeight: Int64 = 1 << 40
    static let cellWeight: Int64 = 1 << 31
    static let neighbourWeight: Int64 = 1 << 22
    /// An image that need not be fetched is worth an eighth of the largest cell's room.
    static let imageWeight = CellRoom.whole >> 3

    func zoneScore(_ zone: Int32) -> Int64 {
        ownInZones.isEmpty ? 0 : -min(ownInZones[Int(zone)], 1 << 20) * Self.zoneWeight
    }

    /// Of a special cell, beside its zone, its room and its image.
    func specialScore(_ cell: Int32) -> Int64 {
        var score = copies.contains(cell) ? Self.copyWeight : 0
        if request.cellSpread == .preferred { score -= Int64(own.members(on: cell)) * Self.cellWeight }
        var friends: Int64 = 0
        for neighbour in neighbours where !neighbour.isRequired && neighbour.spread.members(on: cell) > 0 {
            friends += neighbour.side == .near ? 1 : -1
        }
        return score + max(-100, min(100, friends)) * Self.neighbourWeight
    }

    func balance(_ room: CellRoom) -> Int64 { asked.disk > 0 ? room.balanceWithDisk : room.balance }
}

extension WorkloadSpread {
    var cells: [Int32] { presences.map(\.cell) }
}

extension Fleet {
    func spread(of workload: AppID) -> WorkloadSpread {
        workloadHandles[workload].map { workloads[Int($0)] } ?? WorkloadSpread()
    }

    func zoneCounts(_ spread: WorkloadSpread) -> [Int64] {
        var counts = Array(repeating: Int64(0), count: zones.count)
        for presence in spread.presences {
            let zone = cells[Int(presence.cell)].zone
            if zone >= 0 { counts[Int(zone)] += Int64(presence.members) }
        }
        return counts
    }
}
