import FoundryModel

extension PlacementShortage {
    /// What a person reads: `pool_full` when the nearest cell lacks disk first, `capacity_short` otherwise, `not_running` without cells.
    public var error: FoundryError {
        guard let first = nearest.first, let lack = first.lacks.first else {
            return FoundryError(
                .notRunning, "No cell has reported yet, so there is nowhere to run it.", hint: "foundry status")
        }
        var error = lack.error(on: first.cell, isOnlyCell: cells == 1)
        guard cells > 1 else { return error }
        let all = common.map(\.words).joined(separator: ", ")
        let everywhere = all.isEmpty ? "" : " On all of them: \(all)."
        error.message = "None of \(cells) cells has a place for it.\(everywhere) The nearest: \(error.message)"
        error.detail = details
        return error
    }

    private var details: String {
        let shares = counts.map { "\($0.reason.words) on \($0.cells)" }.joined(separator: ", ")
        let lines = nearest.map { near in
            "cell \(near.cell): " + near.lacks.map { $0.text(on: near.cell, isOnlyCell: false) }.joined(separator: " ")
        }
        return (["of \(cells) cells: \(shares)"] + lines).joined(separator: "\n")
    }
}

extension PlacementLack.Reason {
    /// As in "on all of them: too little memory".
    public var words: String {
        switch self {
        case .unavailable: "no new members"
        case .noCopy: "no copy of its volume"
        case .avoided: "not where it shall go"
        case .cellSpread: "a member of it already"
        case .zoneSpread: "a member of it in the zone"
        case .notNear: "not the neighbour that it needs"
        case .notApart: "a neighbour that it must not have"
        case .memory: "too little memory"
        case .disk: "too little room in the pool"
        case .cpu: "too little processor time"
        case .operations: "too few disk operations"
        case .throughput: "too little disk throughput"
        case .address: "no address left"
        case .headroom: "no room to absorb a loss"
        }
    }

    fileprivate var hint: String {
        switch self {
        case .memory: "a smaller --memory, or `foundry apps` for what could go"
        case .cpu: "a smaller --cpu, or `foundry apps` for what could go"
        case .disk: "foundry volumes"
        case .address, .operations, .throughput: "foundry apps"
        case .unavailable, .noCopy, .avoided, .cellSpread, .zoneSpread, .notNear, .notApart, .headroom:
            "foundry status"
        }
    }
}

extension PlacementLack {
    fileprivate func error(on cell: CellID, isOnlyCell: Bool) -> FoundryError {
        FoundryError(
            reason == .disk ? .poolFull : .capacityShort, text(on: cell, isOnlyCell: isOnlyCell), hint: reason.hint)
    }

    /// One sentence. The pool of the only cell is "the pool".
    fileprivate func text(on cell: CellID, isOnlyCell: Bool) -> String {
        let name = cell.short
        return switch figures {
        case .none: "Cell \(name) \(reason.predicate)."
        case .availability(let availability): "Cell \(name) \(availability.words)."
        case .zone(let zone): "Cell \(name) is in zone \(zone), where a member of it lies."
        case .workload(let id):
            "Cell \(name) has \(reason == .notNear ? "no member" : "a member") of \(id.short)."
        case .amounts(let asked, let free, let total):
            amounts(asked, free, total, name, pool: isOnlyCell ? "The pool" : "The pool of cell \(name)")
        case .gap(let gap): gap.text
        }
    }

    private func amounts(_ asked: Int64, _ free: Int64, _ total: Int64, _ cell: String, pool: String) -> String {
        let (askedBytes, freeBytes, bytes) = (ByteCount(bytes: asked), ByteCount(bytes: free), ByteCount(bytes: total))
        return switch reason {
        case .disk: PoolRule.text(askedBytes, free: freeBytes, capacity: bytes, pool: pool)
        case .cpu:
            "It asks for \(Millicores(Int(asked))) of processor time; cell \(cell) has \(Millicores(Int(free))) left of \(Millicores(Int(total)))."
        case .operations:
            "It asks for \(asked) disk operations a second; cell \(cell) has \(free) left of \(total)."
        case .throughput:
            "It asks for \(askedBytes) of disk throughput a second; cell \(cell) has \(freeBytes) left of \(bytes)."
        case .memory, .address, .headroom, .unavailable, .noCopy, .avoided, .cellSpread, .zoneSpread, .notNear,
            .notApart:
            "It asks for \(askedBytes) of memory; cell \(cell) has \(freeBytes) left of \(bytes)."
        }
    }
}

extension PlacementLack.Reason {
    /// For the reasons that have no figures.
    fileprivate var predicate: String {
        switch self {
        case .noCopy: "has no copy of its volume"
        case .avoided: "is one that it shall not go to"
        case .cellSpread: "has a member of it already"
        case .address, .unavailable, .zoneSpread, .notNear, .notApart, .memory, .disk, .cpu, .operations, .throughput,
            .headroom:
            "has no address left for another member"
        }
    }
}

extension CellAvailability {
    fileprivate var words: String {
        switch self {
        case .available: "takes members"
        case .drained: "is drained"
        case .late: "is late: nothing has been heard of it in time"
        case .fenced: "is fenced"
        }
    }
}

extension HeadroomGap {
    /// One sentence.
    public var text: String {
        let what =
            switch lost {
            case .cell(let id): "cell \(id.short)"
            case .zone(let name): "zone \(name)"
            }
        return
            "With it, the loss of \(what) could not be absorbed: it holds \(held) of \(resource.rawValue) that would have to go elsewhere "
            + "in pieces of \(piece), and elsewhere \(left) would be free in such pieces."
    }
}
