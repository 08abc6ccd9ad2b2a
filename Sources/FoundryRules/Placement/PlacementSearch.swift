import FoundryModel

extension Fleet {
    /// Chooses the cell for one member, or says why there is none.
    ///
    /// Filter: the cell is available, has what is asked for, breaks no required rule, and the loss that `headroom` names stays absorbable.
    /// Score, each outweighing what follows: a copy of the volume; fewer members of the workload in the zone, then on the cell; neighbours;
    /// then the scarcest of the cell's free resources, to which an image that lies there adds an eighth. Ties go to the lowest id.
    /// The best of all cells is found, not of a sample: cells with a copy, a neighbour or a member of the workload are looked at
    /// one by one, all others through their zone's tree, whose nodes tell what is the best below them.
    /// - Complexity: the logarithm of the cells, plus the special ones; a refusal with its reasons looks at every cell.
    public func choose(_ request: PlacementRequest) -> Result<PlacementChoice, PlacementShortage> {
        find(request).map { .success($0) } ?? .failure(shortage(of: request))
    }

    /// Chooses the cell for one member; nil when none will do. Cheaper than `choose` for what is tried again and again.
    public func find(_ request: PlacementRequest) -> PlacementChoice? {
        let query = PlacementQuery(request, in: self)
        let headroom = HeadroomCheck(query, in: self)
        if headroom.isHopeless { return nil }
        var search = PlacementSearch(fleet: self, query: query, headroom: headroom)
        search.run()
        return search.best.map { best in
            let entry = cells[Int(best.cell)]
            return PlacementChoice(
                cell: entry.id, slot: entry.slots.lowest, usesCopy: query.copies.contains(best.cell),
                hasImage: entry.images.contains(query.image))
        }
    }
}

/// The search for the one best cell.
struct PlacementSearch {
    struct Best {
        var cell: Int32
        var score: Int64
    }

    private let fleet: Fleet
    private let query: PlacementQuery
    private let headroom: HeadroomCheck
    /// By cell handle: not to be found through the trees.
    private var isSpecial: [Bool]
    private(set) var best: Best?

    init(fleet: Fleet, query: PlacementQuery, headroom: HeadroomCheck) {
        self.fleet = fleet
        self.query = query
        self.headroom = headroom
        isSpecial = Array(repeating: false, count: fleet.cells.count)
    }

    mutating func run() {
        if let only = query.only {
            for cell in only { look(at: cell) }
        } else {
            for cell in query.special where !isSpecial[Int(cell)] {
                isSpecial[Int(cell)] = true
                look(at: cell)
            }
            for zone in fleet.zones.indices { search(zone) }
        }
    }

    private mutating func look(at cell: Int32) {
        let entry = fleet.cells[Int(cell)]
        guard entry.isKnown, fleet.obstacles(cell, query).isEmpty, headroom.allows(cell) else { return }
        let room = fleet.zones[Int(entry.zone)].room(at: entry.position)
        let image = entry.images.contains(query.image) ? PlacementQuery.imageWeight : 0
        offer(
            cell, score: query.zoneScore(entry.zone) + query.specialScore(cell) + query.balance(room) + image)
    }

    private mutating func offer(_ cell: Int32, score: Int64) {
        if let best {
            guard score >= best.score else { return }
            if score == best.score, fleet.cells[Int(best.cell)].id < fleet.cells[Int(cell)].id { return }
        }
        best = Best(cell: cell, score: score)
    }

    private mutating func search(_ index: Int) {
        let base = query.zoneScore(Int32(index))
        if query.request.zoneSpread == .required, base < 0 { return }
        let zone = fleet.zones[index]
        var walk = ZoneWalk(
            zone: zone, images: zone.bits(of: query.image), query: query, atLeast: best.map { $0.score - base } ?? .min)
        walk.descend(1, first: 0, width: zone.leaves) { cell in
            !isSpecial[Int(cell)] && headroom.allows(cell)
        }
        if let position = walk.found { offer(zone.cells[position], score: base + walk.score) }
    }
}

/// The walk through one zone's tree: the better half first, and never below a node whose best is no better than what was found.
private struct ZoneWalk {
    let zone: FleetZone
    /// Of the request's image.
    let images: [UInt64]?
    let query: PlacementQuery
    private(set) var score: Int64
    private(set) var found: Int?

    init(zone: FleetZone, images: [UInt64]?, query: PlacementQuery, atLeast: Int64) {
        self.zone = zone
        self.images = images
        self.query = query
        score = atLeast
    }

    /// - Parameter first: the position of the node's first leaf; `width` is how many it has.
    mutating func descend(_ node: Int, first: Int, width: Int, isAllowed: (Int32) -> Bool) {
        guard zone.rooms[node].fits(query.asked) else { return }
        let bound = bound(node)
        guard bound > score || bound == score && first < found ?? .max else { return }
        guard width > 1 else {
            if isAllowed(zone.cells[first]) { (score, found) = (bound, first) }
            return
        }
        let half = width / 2
        let isRightBetter = self.bound(2 * node + 1) > self.bound(2 * node)
        if isRightBetter { descend(2 * node + 1, first: first + half, width: half, isAllowed: isAllowed) }
        descend(2 * node, first: first, width: half, isAllowed: isAllowed)
        if !isRightBetter { descend(2 * node + 1, first: first + half, width: half, isAllowed: isAllowed) }
    }

    @inline(__always)
    private func bound(_ node: Int) -> Int64 {
        let room = query.balance(zone.rooms[node])
        guard let images, images[node >> 6] & (1 << UInt64(node & 63)) != 0 else { return room }
        return room + PlacementQuery.imageWeight
    }
}
