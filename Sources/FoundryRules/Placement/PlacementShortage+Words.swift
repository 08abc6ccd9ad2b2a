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
        return switch self {
        case .unavailable(let availability): "Cell \(name) \(availability.words)."
        case .noCopy: "Cell \(name) has no copy of its volume."
        case .avoided: "Cell \(name) is one that it shall not go to."
        case .cellSpread: "Cell \(name) has a member of it already."
        case .zoneSpread(let zone): "Cell \(name) is in zone \(zone), which has a member of it already."
        case .notNear(let workload): "Cell \(name) has no member of \(workload.short), beside which it must be."
        case .notApart(let workload): "Cell \(name) has a member of \(workload.short), beside which it must not be."
        case .memory(let figures): "It asks for \(figures.bytes.asked) of memory; \(figures.bytes.rest(on: name))."
        case .disk(let figures):
            PoolRule.text(
                figures.bytes.asked, free: figures.bytes.free, capacity: figures.bytes.total,
                pool: isOnlyCell ? "The pool" : "The pool of cell \(name)")
        case .cpu(let figures):
            "It asks for \(Millicores(Int(figures.asked))) of processor time; cell \(name) has \(Millicores(Int(figures.free))) left of \(Millicores(Int(figures.total)))."
        case .operations(let figures):
            "It asks for \(figures.asked) disk operations a second; cell \(name) has \(figures.free) left of \(figures.total)."
        case .throughput(let figures):
            "It asks for \(figures.bytes.asked) of disk throughput a second; \(figures.bytes.rest(on: name))."
        case .address: "Cell \(name) has no address left for another member."
        case .headroom(let gap): gap.text
        }
    }
}

extension PlacementLack.Figures {
    fileprivate struct Bytes {
        var asked: ByteCount
        var free: ByteCount
        var total: ByteCount

        func rest(on cell: String) -> String { "cell \(cell) has \(free) left of \(total)" }
    }

    fileprivate var bytes: Bytes {
        Bytes(asked: ByteCount(bytes: asked), free: ByteCount(bytes: free), total: ByteCount(bytes: total))
    }
}

extension CellAvailability {
    fileprivate var words: String {
        switch self {
        case .available: "takes members"
        case .drained: "is drained"
        case .late: "is late: nothing was heard of it in time"
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
            "With it, the loss of \(what) could not be absorbed: in pieces of \(piece), \(held) of \(resource.rawValue) would have to go elsewhere, "
            + "and \(left) would be free there."
    }
}
