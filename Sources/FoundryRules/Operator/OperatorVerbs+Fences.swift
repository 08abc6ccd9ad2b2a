import FoundryModel

extension OperatorVerbs {
    /// Cuts a cell off: its members stop, it gives its word when it lives, its power devices are tried when they are needed.
    ///
    /// - Throws: `not_found`; `conflict` where no sessions are held.
    public static func fence(
        _ id: CellID, view: PlatformView, now: Timestamp, using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> OperatorPlan {
        let cell = try cell(id, view)
        let incarnation = try incarnation(of: id, view)
        guard view.openFence(of: id, incarnation) == nil else {
            return .unchanged("fence.open", "a fence is in force against cell \(id) already")
        }
        let fence = FenceRecord(
            id: .random(using: &generator), cell: id, incarnation: incarnation, cause: .asked, createdAt: now,
            createdBy: "operator")
        return OperatorPlan(
            name: "fence.open",
            writes: opening(fence, of: cell) + [
                .check(key: RecordKind.session.key(id.description), kind: .session, expects: .seen(view.sessions[id])),
                event(.fenceOpened, "cell \(id.short)", "is fenced, as an operator asked", now, &generator),
            ], message: "cell \(id) is being fenced; its members stop")
    }

    /// Takes a fence back: what was not handed over meanwhile goes on where it is.
    ///
    /// - Throws: `not_found`; `conflict` when the fence is of a life of the cell that cannot come back.
    public static func unfence(
        _ id: CellID, view: PlatformView, now: Timestamp, using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> OperatorPlan {
        _ = try cell(id, view)
        let open = openFences(of: id, view)
        guard !open.isEmpty else { return .unchanged("fence.lift", "no fence is in force against cell \(id)") }
        let incarnation = try incarnation(of: id, view)
        let own = open.filter { $0.value.incarnation == incarnation }
        guard !own.isEmpty else {
            throw FoundryError(
                .conflict, "The fence is of an earlier incarnation of cell \(id), which another one has replaced.",
                hint: "foundry fence confirm \(id), if the old machine is off")
        }
        var writes = own.map { fence in
            var next = fence.value
            next.state = .lifted(at: now)
            return RecordWrite.put(.fence(next), expects: .revision(fence.revision))
        }
        writes.append(
            event(.fenceLifted, "cell \(id.short)", "is fenced no more, as an operator asked", now, &generator))
        return OperatorPlan(name: "fence.lift", writes: writes, message: "cell \(id) is fenced no more")
    }

    /// A person says that the cell is off. Its session, if it has one, ends in the same transaction: a cell that renews meanwhile makes it fail.
    ///
    /// Of a cell that was not heard since the store was restored it also says that the others go on without what lies on it.
    ///
    /// - Parameter sight: of the cell, now.
    /// - Throws: `not_found`; `conflict` while the cell still renews, and where no sessions are held.
    public static func confirm(
        _ id: CellID, sight: CellSight, view: PlatformView, now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> OperatorPlan {
        let cell = try cell(id, view)
        let incarnation = try incarnation(of: id, view)
        let isRenewing = isRenewing(id, sight, view)
        let fences = openFences(of: id, view).filter { !isRenewing || $0.value.incarnation != incarnation }
        guard !fences.isEmpty || !isRenewing else {
            throw FoundryError(
                .conflict, "Cell \(id) still renews its session: it is not off.",
                hint: "foundry fence \(id) stops its members in order")
        }
        var writes = fences.filter { !$0.value.hasWordOfPerson }.map { fence in
            var next = fence.value
            next.evidence.append(.person("operator"))
            return RecordWrite.put(.fence(next), expects: .revision(fence.revision))
        }
        var own = fences.first { $0.value.incarnation == incarnation }?.value.id
        if own == nil, !isRenewing {
            let fence = FenceRecord(
                id: .random(using: &generator), cell: id, incarnation: incarnation, cause: .silence, createdAt: now,
                createdBy: "operator", evidence: [.person("operator")])
            own = fence.id
            writes += opening(fence, of: cell)
        }
        if let own { writes += end(view.sessions[id], by: own) }
        guard !writes.isEmpty else { return .unchanged("fence.confirm", "it was confirmed already") }
        writes.append(event(.fenceEvidence, "cell \(id.short)", "is off, as an operator says", now, &generator))
        let isUnheard = view.switches.unheard.contains(id)
        let rest = isUnheard ? "; workloads go on without what only it has been written since the backup" : ""
        return OperatorPlan(name: "fence.confirm", writes: writes, message: "cell \(id) counts as off\(rest)")
    }

    /// The cell's record is written with it: of two who open a fence at the same moment, one finds that of the other.
    private static func opening(_ fence: FenceRecord, of cell: Revised<CellRecord>) -> [RecordWrite] {
        [.put(.fence(fence), expects: .absent), .put(.cell(cell.value), expects: .revision(cell.revision))]
    }

    private static func end(_ session: Revised<SessionRecord>?, by fence: FenceID) -> [RecordWrite] {
        guard let session, session.value.state == .alive else { return [] }
        var next = session.value
        next.state = .expired(fence: fence)
        return [.put(.session(next), expects: .revision(session.revision))]
    }

    private static func isRenewing(_ id: CellID, _ sight: CellSight, _ view: PlatformView) -> Bool {
        guard view.sessions[id]?.value.state == .alive else { return false }
        switch sight {
        case .unwatched, .living, .late: return true
        case .overdue, .expired, .unheard: return false
        }
    }

    /// Sorted by id.
    private static func openFences(of id: CellID, _ view: PlatformView) -> [Revised<FenceRecord>] {
        view.fences.values.filter { $0.value.cell == id && $0.value.state == .open }
            .sorted { $0.value.id < $1.value.id }
    }

    private static func incarnation(of id: CellID, _ view: PlatformView) throws(FoundryError) -> IncarnationID {
        if let known = view.sessions[id]?.value.incarnation ?? view.cells[id]?.value.incarnation { return known }
        throw FoundryError(
            .conflict, "Cell \(id) holds no session: on a platform of one machine there is nothing to fence.",
            hint: "foundry status")
    }
}
