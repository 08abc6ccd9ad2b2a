import FoundryModel

/// What keeps a cell from taking a member, one bit each.
struct PlacementObstacles: OptionSet, Hashable, Sendable {
    let rawValue: UInt16

    init(rawValue: UInt16) { self.rawValue = rawValue }
    init(_ reason: PlacementLack.Reason) { rawValue = 1 << UInt16(reason.rawValue) }

    /// What no amount of free room would change.
    static let rules: Self = [
        .init(.unavailable), .init(.noCopy), .init(.avoided), .init(.cellSpread), .init(.zoneSpread), .init(.notNear),
        .init(.notApart),
    ]

    /// In the order in which they are told.
    var reasons: [PlacementLack.Reason] { PlacementLack.Reason.allCases.filter { contains(Self($0)) } }
}

extension Fleet {
    /// Everything but headroom that keeps a known cell from taking it.
    func obstacles(_ handle: Int32, _ query: PlacementQuery) -> PlacementObstacles {
        rules(handle, query).union(shortages(handle, query))
    }

    private func rules(_ handle: Int32, _ query: PlacementQuery) -> PlacementObstacles {
        let entry = cells[Int(handle)]
        var found: PlacementObstacles = []
        if entry.availability != .available { found.insert(.init(.unavailable)) }
        if query.request.needsCopy, !query.copies.contains(handle) { found.insert(.init(.noCopy)) }
        if query.avoided.contains(handle) { found.insert(.init(.avoided)) }
        if query.request.cellSpread == .required, query.own.members(on: handle) > 0 { found.insert(.init(.cellSpread)) }
        if query.request.zoneSpread == .required, query.ownInZones[Int(entry.zone)] > 0 {
            found.insert(.init(.zoneSpread))
        }
        for neighbour in query.neighbours where neighbour.isRequired {
            let isThere = neighbour.spread.members(on: handle) > 0
            if neighbour.side == .near, !isThere { found.insert(.init(.notNear)) }
            if neighbour.side == .apart, isThere { found.insert(.init(.notApart)) }
        }
        return found
    }

    private func shortages(_ handle: Int32, _ query: PlacementQuery) -> PlacementObstacles {
        let entry = cells[Int(handle)]
        let (asked, free) = (query.asked(on: handle), entry.free)
        var found: PlacementObstacles = []
        if asked.memory > max(0, free.memory) { found.insert(.init(.memory)) }
        if asked.disk > max(0, free.disk) { found.insert(.init(.disk)) }
        if asked.cpu > max(0, free.cpu) { found.insert(.init(.cpu)) }
        if asked.operations > max(0, free.operations) { found.insert(.init(.operations)) }
        if asked.throughput > max(0, free.throughput) { found.insert(.init(.throughput)) }
        if entry.slots.free == 0 { found.insert(.init(.address)) }
        return found
    }
}
