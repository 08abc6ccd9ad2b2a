import FoundryModel

extension ControllerPlan {
    /// Expires sessions that were silent for T, unless the brake holds; design 5.2 and 5.8.
    mutating func watchSessions(_ cells: Set<CellID>, using generator: inout some RandomNumberGenerator) {
        guard let timing = configuration.timing else { return }
        let switches = view.switches
        guard !switches.isInMaintenance, switches.brake == nil else { return }
        let overdue = cells.filter { sights[$0] == .overdue && isFree(Self.subject($0)) }.sorted()
        guard !overdue.isEmpty else { return }
        // Those whose expiry is on its way are overdue as well.
        let silent = Set(view.cells.keys.filter { sights[$0] == .overdue })
        let lost = lostSince.filter { moment.monotonic - $0.value <= 3 * timing.expiryMilliseconds }.keys
        let brake = BrakeRule.decide(
            cells: view.cells.values.map(\.value), silent: silent.union(lost).subtracting(waived),
            lostBefore: Set(lostSince.keys).subtracting(lost).union(waived), now: now)
        if let brake { return engage(brake, using: &generator) }
        for session in overdue.compactMap({ view.sessions[$0] }) { expire(session, using: &generator) }
    }

    private static func subject(_ cell: CellID) -> String { "session/\(cell)" }

    private mutating func engage(_ brake: Brake, using generator: inout some RandomNumberGenerator) {
        var cluster = view.switches
        cluster.brake = brake
        let names = brake.cells.map(\.description).joined(separator: ", ")
        add(
            .clusterBrake, "cluster",
            [
                .put(.cluster(cluster), expects: .seen(view.cluster)),
                event(
                    .brakeEngaged, app: nil, subject: "cluster",
                    "too many cells fell silent at once (\(names)): nothing is fenced until a person says so",
                    using: &generator),
            ], for: .cluster)
    }

    private mutating func expire(
        _ session: Revised<SessionRecord>, using generator: inout some RandomNumberGenerator
    ) {
        let cell = session.value.cell
        let evidence = FenceEvidence.expiry(
            session: session.value.session, sequence: session.value.sequence, guards: session.value.guards,
            isPausable: session.value.isPausable)
        var fence: FenceRecord
        let expects: RecordExpectation
        if let open = view.openFence(of: cell, session.value.incarnation), !Planted.has(.twoFencesOfEachOther) {
            fence = open.value
            expects = .revision(open.revision)
        } else {
            fence = FenceRecord(
                id: .random(using: &generator), cell: cell, incarnation: session.value.incarnation, cause: .silence,
                createdAt: now, createdBy: "controller")
            expects = .absent
        }
        fence.evidence.append(evidence)
        var expired = session.value
        expired.state = .expired(fence: fence.id)
        add(
            .sessionExpire, Self.subject(cell),
            [
                .put(
                    .session(expired),
                    expects: Planted.has(.expiryIgnoresSequence) ? .any : .revision(session.revision)),
                .put(.fence(fence), expects: expects),
                // A person may open a fence at the same moment.
                .check(key: RecordKind.cell.key(cell.description), kind: .cell, expects: .seen(view.cells[cell])),
                event(
                    .cellExpired, app: nil, subject: "cell \(cell.short)",
                    "was silent for too long; its session has expired", using: &generator),
            ], for: .cell(cell))
    }

    /// What a cell's own record, session and fences ask for.
    mutating func advance(cell: CellID, using generator: inout some RandomNumberGenerator) {
        recordCell(cell)
        recordStatuses(of: cell, using: &generator)
        hear(cell, using: &generator)
        guard let timing = configuration.timing else { return }
        let fences = view.fences.values.filter { $0.value.cell == cell && $0.value.state == .open }
        for fence in fences.sorted(by: { $0.value.id < $1.value.id }) {
            advance(fence, timing, using: &generator)
        }
        noteReplacement(of: cell, using: &generator)
    }

    /// The store was restored, and this cell has reported its labels since, or a person lets the rest go on without what lies on it.
    private mutating func hear(_ cell: CellID, using generator: inout some RandomNumberGenerator) {
        guard let cluster = view.cluster, cluster.value.unheard.contains(cell), isKnown(cell) else { return }
        var next = cluster.value
        next.unheard.remove(cell)
        add(.clusterHeard, "cluster", [.put(.cluster(next), expects: .revision(cluster.revision))], for: .cluster)
    }

    /// Its labels lie in the store; or a person says that it is off. Power says that nothing of it writes, and not that nothing lies on it which is newer
    /// than the backup.
    private func isKnown(_ cell: CellID) -> Bool {
        if let report = reports[cell] {
            return report.volumes.allSatisfy { view.volumeStatuses[$0.id]?.value.label == $0.label }
        }
        return view.fences.values.contains {
            $0.value.cell == cell && $0.value.state == .open && $0.value.hasWordOfPerson
        }
    }

    /// Another incarnation answers under this cell's name: it proves nothing about the one before; design 5.10.
    private mutating func noteReplacement(of cell: CellID, using generator: inout some RandomNumberGenerator) {
        guard let session = view.sessions[cell]?.value, session.state == .alive else { return }
        let left = Set(view.index.volumes(on: cell).compactMap { view.volumes[$0]?.value.incarnation })
        for old in left.sorted() where old != session.incarnation && view.openFence(of: cell, old) == nil {
            let fence = FenceRecord(
                id: .random(using: &generator), cell: cell, incarnation: old, cause: .replaced, createdAt: now,
                createdBy: "controller")
            add(
                .fenceOpen, "fence/\(cell)",
                [
                    .put(.fence(fence), expects: .absent),
                    event(
                        .cellReplaced, app: nil, subject: "cell \(cell.short)",
                        "another incarnation answers under its name; what the one before it did is not known",
                        using: &generator),
                ], for: .cell(cell))
        }
    }
}
