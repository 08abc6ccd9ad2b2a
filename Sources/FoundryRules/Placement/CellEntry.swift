import FoundryModel

/// A cell, and the sum of what lies on it.
///
/// Claims may come before the record of their cell, and outlive it: the entry then is unknown, in no zone, and takes nothing.
struct CellEntry: Sendable {
    let id: CellID
    var isKnown = false
    var zone: Int32 = -1
    /// In its zone's order.
    var position: Int32 = 0
    var availability = CellAvailability.available
    var capacity = ResourceAmounts()
    var taken = ResourceAmounts()
    var slots = SlotSet()
    /// Of the claims that would have to find room elsewhere.
    var held = PieceTally.zero
    /// As its zone has added it up.
    var freePieces = PieceTally.zero
    /// Handles.
    var images: [Int32] = []
    var claims = 0

    init(id: CellID) { self.id = id }

    var free: ResourceAmounts { capacity - taken }

    var takesMembers: Bool {
        isKnown && (availability == .available || Planted.has(.unavailableCellTakesMembers))
    }

    func room(largest: ResourceAmounts) -> CellRoom {
        takesMembers ? CellRoom(free: free, slots: slots.free, largest: largest) : .closed
    }

    var currentPieces: PieceTally { takesMembers ? pieces(after: ResourceAmounts()) : .zero }

    func pieces(after claim: ResourceAmounts) -> PieceTally {
        PieceTally(
            memory: PieceTally.pieces(in: free.memory - claim.memory),
            disk: PieceTally.pieces(in: free.disk - claim.disk))
    }

    /// What all cells together must have free so that this one may be lost: what it holds, and its own free room, which goes with it.
    var need: PieceTally { freePieces + held }
}

/// What somebody has on a cell.
struct CellClaim: Hashable, Sendable {
    var cell: Int32
    /// -1: it is no member.
    var workload: Int32
    /// 0: it has no address.
    var slot: Int
    var amounts: ResourceAmounts
    var movesWhenLost: Bool

    var pieces: PieceTally {
        guard movesWhenLost else { return .zero }
        return PieceTally(
            memory: PieceTally.pieces(claimedBy: amounts.memory), disk: PieceTally.pieces(claimedBy: amounts.disk))
    }
}

/// Claims by id, side by side in one array.
struct ClaimTable<ID: Hashable & Sendable>: Sendable {
    private var handles: [ID: Int32] = [:]
    private var claims: [CellClaim] = []
    private var unused: [Int32] = []

    var count: Int { handles.count }

    subscript(id: ID) -> CellClaim? { handles[id].map { claims[Int($0)] } }

    /// - Returns: the claim that it replaces.
    mutating func put(_ claim: CellClaim, _ id: ID) -> CellClaim? {
        if let handle = handles[id] {
            defer { claims[Int(handle)] = claim }
            return claims[Int(handle)]
        }
        if let handle = unused.popLast() {
            claims[Int(handle)] = claim
            handles[id] = handle
        } else {
            handles[id] = Int32(claims.count)
            claims.append(claim)
        }
        return nil
    }

    mutating func remove(_ id: ID) -> CellClaim? {
        guard let handle = handles.removeValue(forKey: id) else { return nil }
        unused.append(handle)
        return claims[Int(handle)]
    }
}
