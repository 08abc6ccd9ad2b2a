import FoundryModel

extension Fleet {
    /// Tells why no cell will do. Looks at every one.
    func shortage(of request: PlacementRequest) -> PlacementShortage {
        let query = PlacementQuery(request, in: self)
        let headroom = HeadroomCheck(query, in: self)
        let isHopeless = headroom.isHopeless
        var counts = Array(repeating: 0, count: PlacementLack.Reason.allCases.count)
        var nearest: [NearestCell] = []
        for zone in zones {
            for handle in zone.cells {
                var obstacles = obstacles(handle, query)
                if obstacles.isEmpty, isHopeless || !headroom.allows(handle) { obstacles.insert(.init(.headroom)) }
                for index in counts.indices where obstacles.rawValue & (1 << UInt16(index)) != 0 { counts[index] += 1 }
                NearestCell.keep(nearestCell(handle, obstacles, query), among: &nearest, in: self)
            }
        }
        return PlacementShortage(
            cells: cellCount,
            counts: zip(PlacementLack.Reason.allCases, counts).filter { $1 > 0 }.map { .init(reason: $0, cells: $1) },
            nearest: nearest.map { near in
                .init(
                    cell: cells[Int(near.cell)].id,
                    lacks: near.obstacles.reasons.flatMap { lacks($0, near.cell, query, headroom) })
            })
    }

    private func nearestCell(
        _ handle: Int32, _ obstacles: PlacementObstacles, _ query: PlacementQuery
    ) -> NearestCell {
        let (asked, free) = (query.asked(on: handle), cells[Int(handle)].free)
        let missing =
            Self.missing(asked.memory - free.memory, of: largest.memory)
            + Self.missing(asked.disk - free.disk, of: largest.disk)
            + Self.missing(asked.cpu - free.cpu, of: largest.cpu)
            + Self.missing(asked.operations - free.operations, of: largest.operations)
            + Self.missing(asked.throughput - free.throughput, of: largest.throughput)
        let rules = obstacles.intersection(.rules).rawValue.nonzeroBitCount
        return NearestCell(cell: handle, obstacles: obstacles, rules: rules, missing: missing)
    }

    /// As a share of what the largest cell has, at most four times that.
    private static func missing(_ amount: Int64, of whole: Int64) -> Int64 {
        amount > 0 ? CellRoom.share(amount / 4, of: whole) : 0
    }

    private func lacks(
        _ reason: PlacementLack.Reason, _ handle: Int32, _ query: PlacementQuery, _ headroom: HeadroomCheck
    ) -> [PlacementLack] {
        let entry = cells[Int(handle)]
        let (asked, free, capacity) = (query.asked(on: handle), entry.free, entry.capacity)
        func figures(_ part: KeyPath<ResourceAmounts, Int64>) -> PlacementLack.Figures {
            .init(asked: asked[keyPath: part], free: max(0, free[keyPath: part]), total: capacity[keyPath: part])
        }
        return switch reason {
        case .unavailable: [.unavailable(entry.availability)]
        case .noCopy: [.noCopy]
        case .avoided: [.avoided]
        case .cellSpread: [.cellSpread]
        case .zoneSpread: [.zoneSpread(zones[Int(entry.zone)].name)]
        case .notNear: query.objecting(.near, on: handle).map { .notNear($0) }
        case .notApart: query.objecting(.apart, on: handle).map { .notApart($0) }
        case .memory: [.memory(figures(\.memory))]
        case .disk: [.disk(figures(\.disk))]
        case .cpu: [.cpu(figures(\.cpu))]
        case .operations: [.operations(figures(\.operations))]
        case .throughput: [.throughput(figures(\.throughput))]
        case .address: [.address]
        case .headroom: headroom.gaps(handle).prefix(1).map { .headroom($0) }
        }
    }
}

/// A cell that would not do, and by how much.
private struct NearestCell {
    var cell: Int32
    var obstacles: PlacementObstacles
    /// How many rules exclude it.
    var rules: Int
    var missing: Int64

    static func keep(_ cell: Self, among nearest: inout [Self], in fleet: Fleet) {
        let place = nearest.firstIndex { cell.isNearer(than: $0, in: fleet) } ?? nearest.count
        guard place < 3 else { return }
        nearest.insert(cell, at: place)
        if nearest.count > 3 { nearest.removeLast() }
    }

    private func isNearer(than other: Self, in fleet: Fleet) -> Bool {
        if (rules, missing) != (other.rules, other.missing) { return (rules, missing) < (other.rules, other.missing) }
        return fleet.cells[Int(cell)].id < fleet.cells[Int(other.cell)].id
    }
}
