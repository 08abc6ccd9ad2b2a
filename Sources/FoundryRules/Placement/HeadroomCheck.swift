import FoundryModel

/// Whether a loss can still be absorbed after a placement; decision 0009.
///
/// Every available cell's free memory is counted in pieces of 64 MiB, 128 MiB and so on, and so is, rounded up, what each cell holds that would
/// be started elsewhere. The loss of one cell (or zone) can be absorbed when, for every size, the others together have as many free pieces
/// as it holds. That is enough, whatever cells the pieces lie on (see `PieceTally`); a mere sum is not: a hundred gaps of 1 GiB do not take a
/// member of 2 GiB. The same is asked of the disk, for volumes that would be made again. A lost cell's own free room goes with it, so its
/// need is what it holds plus that room, and the question becomes: is what all have free at least the largest need?
///
/// Memory and disk are asked for apart, and rules of spread are left out: where those bind, `Fleet.replacements` tells exactly.
struct HeadroomCheck {
    private let rule: HeadroomRule
    private let query: PlacementQuery
    private let fleet: Fleet
    /// Of all available cells.
    private let free: PieceTally

    init(_ query: PlacementQuery, in fleet: Fleet) {
        rule = query.request.headroom
        self.query = query
        self.fleet = fleet
        free = rule == .none ? .zero : fleet.zones.reduce(.zero) { $0 + $1.free }
    }

    /// The request can be refused without looking at a single cell.
    ///
    /// Wherever it goes, all cells together lose at least the whole pieces that are in it. The needs of all cells (or zones) but its own stay, so
    /// two that are not covered then are one too many. And its own does not shrink in pieces up to the size of what would move.
    var isHopeless: Bool {
        guard rule != .none, query.copies.isEmpty, !Planted.has(.headroomIgnored) else { return false }
        let left = PieceTally(
            memory: free.memory &- PieceTally.pieces(in: query.asked.memory),
            disk: free.disk &- PieceTally.pieces(in: query.asked.disk))
        let added = query.held(query.asked)
        let need = fleet.zones.reduce(PieceTally.zero) { .most($0, rule == .zone ? $1.need : $1.largestNeed) }
        return any((left.memory .< need.memory) .& (added.memory .> .zero))
            || any((left.disk .< need.disk) .& (added.disk .> .zero)) || leavesTwoUncovered(left)
    }

    private func leavesTwoUncovered(_ left: PieceTally) -> Bool {
        let withDisk = query.asked.disk > 0
        var count = 0
        for zone in fleet.zones where count < 2 {
            if rule == .cell {
                count += zone.needs(beyond: left, withDisk: withDisk, atMost: 2)
            } else if !left.covers(zone.need, withDisk: withDisk) {
                count += 1
            }
        }
        return count > 1
    }

    func allows(_ cell: Int32) -> Bool {
        guard rule != .none, !Planted.has(.headroomIgnored) else { return true }
        let change = change(on: cell)
        return rule == .zone ? allowsZones(change) : change.absorbs(largestNeed(change))
    }

    private func allowsZones(_ change: HeadroomChange) -> Bool {
        fleet.zones.indices.allSatisfy { index in
            change.absorbs(fleet.zones[index].need + (Int32(index) == change.zone ? change.need : .zero))
        }
    }

    /// Of all cells, after the change.
    private func largestNeed(_ change: HeadroomChange) -> PieceTally {
        let entry = fleet.cells[Int(change.cell)]
        let beside = fleet.zones[Int(change.zone)].largestNeed(without: entry.position)
        var need = PieceTally.most(entry.need + change.need, beside)
        for index in fleet.zones.indices where Int32(index) != change.zone {
            need = .most(need, fleet.zones[index].largestNeed)
        }
        return need
    }

    /// The losses that could not be absorbed with the member on that cell, the hardest first. Looks at every cell.
    func gaps(_ cell: Int32) -> [HeadroomGap] {
        let change = change(on: cell)
        var gaps: [HeadroomGap] = []
        for (index, zone) in fleet.zones.enumerated() {
            if rule == .zone {
                let isOwn = Int32(index) == change.zone
                gaps += change.gap(.zone(zone.name), need: zone.need, free: zone.free, isOwn: isOwn)
            } else {
                for handle in zone.cells {
                    let other = fleet.cells[Int(handle)]
                    gaps += change.gap(.cell(other.id), need: other.need, free: other.freePieces, isOwn: handle == cell)
                }
            }
        }
        return gaps.sorted { $0.isWorse(than: $1) }
    }

    private func change(on cell: Int32) -> HeadroomChange {
        let asked = query.asked(on: cell)
        return HeadroomChange(
            cell, fleet.cells[Int(cell)], asked: asked, held: query.held(asked), free: free)
    }
}

/// What one placement would change.
struct HeadroomChange {
    let cell: Int32
    let zone: Int32
    /// Of what the cell has free: at most zero.
    let free: PieceTally
    /// Of what must be free so that the cell can be lost.
    let need: PieceTally
    /// What all cells would have free.
    let left: PieceTally
    private let usesDisk: Bool

    init(_ cell: Int32, _ entry: CellEntry, asked: ResourceAmounts, held: PieceTally, free: PieceTally) {
        self.cell = cell
        zone = entry.zone
        self.free = entry.pieces(after: asked) - entry.freePieces
        need = self.free + held
        left = free + self.free
        usesDisk = asked.disk > 0
    }

    /// Nothing is refused for what it does not ask for.
    func absorbs(_ need: PieceTally) -> Bool {
        left.covers(need, withDisk: usesDisk)
    }

    /// - Parameter isOwn: it is what the member would go to.
    func gap(_ lost: HeadroomGap.Lost, need: PieceTally, free: PieceTally, isOwn: Bool) -> [HeadroomGap] {
        let need = isOwn ? need + self.need : need
        let free = isOwn ? free + self.free : free
        guard !absorbs(need) else { return [] }
        let memory = HeadroomGap.all(.memory, lost, held: need.memory &- free.memory, left: left.memory &- free.memory)
        let disk = HeadroomGap.all(.disk, lost, held: need.disk &- free.disk, left: left.disk &- free.disk)
        return usesDisk ? memory + disk : memory
    }
}
