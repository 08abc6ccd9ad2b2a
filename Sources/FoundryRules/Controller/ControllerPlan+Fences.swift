import FoundryModel

extension ControllerPlan {
    /// Takes what was said, lifts what is over, and asks the next device.
    mutating func advance(
        _ fence: Revised<FenceRecord>, _ timing: SessionTiming, using generator: inout some RandomNumberGenerator
    ) {
        if takeWord(fence, using: &generator) || lift(fence, using: &generator) { return }
        guard view.switches.brake == nil, !view.switches.isInMaintenance else { return }
        usePower(fence, timing, using: &generator)
    }

    private static func subject(_ fence: FenceID) -> String { "fence/\(fence)" }

    private mutating func takeWord(
        _ fence: Revised<FenceRecord>, using generator: inout some RandomNumberGenerator
    ) -> Bool {
        let words = reports[fence.value.cell]?.words ?? []
        for word in words {
            guard let evidence = FenceRule.takeWord(word, fence: fence.value), !fence.value.evidence.contains(evidence)
            else { continue }
            var next = fence.value
            next.evidence.append(evidence)
            add(
                .fenceEvidence, Self.subject(next.id),
                [
                    .put(.fence(next), expects: .revision(fence.revision)),
                    event(
                        .fenceEvidence, app: nil, subject: "cell \(next.cell.short)",
                        "gave its word for \(word.promises.count) volumes", using: &generator),
                ], for: .cell(next.cell))
            return true
        }
        return false
    }

    /// The cell is back under the same incarnation: what was not handed over stays its own.
    private mutating func lift(
        _ fence: Revised<FenceRecord>, using generator: inout some RandomNumberGenerator
    ) -> Bool {
        guard fence.value.cause == .silence, let session = view.sessions[fence.value.cell]?.value,
            session.state == .alive, session.incarnation == fence.value.incarnation
        else { return false }
        var next = fence.value
        next.state = .lifted(at: now)
        add(
            .fenceLift, Self.subject(next.id),
            [
                .put(.fence(next), expects: .revision(fence.revision)),
                event(
                    .cellReturned, app: nil, subject: "cell \(next.cell.short)",
                    "is back; the fence against it is lifted", using: &generator),
            ], for: .cell(next.cell))
        return true
    }

    /// Records the next attempt, and uses its device once the record is in the view.
    private mutating func usePower(
        _ fence: Revised<FenceRecord>, _ timing: SessionTiming, using generator: inout some RandomNumberGenerator
    ) {
        guard let cell = view.cells[fence.value.cell]?.value, !cell.power.isEmpty else { return }
        if let last = fence.value.attempts.last, last.outcome == .begun { return follow(last, fence, of: cell) }
        guard mayCutPower(fence.value, timing) else { return }
        guard let step = FenceRule.nextPower(fence.value, cell: cell, needed: needsPower(fence.value)) else { return }
        var next = fence.value
        switch step {
        case .use(let attempt):
            var attempt = attempt
            attempt.begunBy = view.term?.value.term
            next.attempts.append(attempt)
            if next.attempts.count > FenceRecord.attemptsKept { next.attempts.removeFirst() }
            add(
                .fenceAttempt, Self.subject(next.id), [.put(.fence(next), expects: .revision(fence.revision))],
                for: .cell(cell.id))
        case .confirm(let level):
            next.evidence.append(.power(level: level))
            add(
                .fenceEvidence, Self.subject(next.id),
                [
                    .put(.fence(next), expects: .revision(fence.revision)),
                    event(
                        .fenceEvidence, app: nil, subject: "cell \(next.cell.short)", "its power is off",
                        using: &generator),
                ], for: .cell(cell.id))
        case .exhausted: break
        }
    }

    /// An attempt that its record calls begun: its device is used, its answer is written down, or nobody waits for it any more.
    private mutating func follow(_ attempt: FenceAttempt, _ fence: Revised<FenceRecord>, of cell: CellRecord) {
        let order = PowerOrder(
            fence: fence.value.id, cell: cell.id, number: attempt.number, device: attempt.device, step: attempt.step)
        if let outcome = answers[order] { return settle(outcome, fence) }
        let subject = "power/\(fence.value.id)"
        guard isFree(subject) else { return }
        if ownAttempts.contains(order) { return settle(.failed("nothing was heard of it"), fence) }
        guard attempt.begunBy == view.term?.value.term else {
            return settle(.failed("its controller went away"), fence)
        }
        add(.fencePower, subject, .power(order), for: .cell(cell.id))
    }

    /// Writes down what came of the last attempt.
    private mutating func settle(_ outcome: FenceOutcome, _ fence: Revised<FenceRecord>) {
        var next = fence.value
        next.attempts[next.attempts.count - 1].outcome = outcome
        add(
            .fenceAttempt, Self.subject(next.id), [.put(.fence(next), expects: .revision(fence.revision))],
            for: .cell(next.cell))
    }

    /// A cell that answers is not switched off: the life that has its name now is not the one that was replaced, and one that a person fenced gives its
    /// word first, for which it has T.
    private func mayCutPower(_ fence: FenceRecord, _ timing: SessionTiming) -> Bool {
        guard sights[fence.cell] == .living else { return true }
        return fence.cause == .asked && now - fence.createdAt >= timing.expiryMilliseconds
    }

    /// A volume on the cell waits for evidence that power can give, and something can go on once it is there: for a copy that is the only one nobody's
    /// power is cut.
    private func needsPower(_ fence: FenceRecord) -> Bool {
        view.index.volumes(on: fence.cell).contains { id in
            guard let volume = view.volumes[id]?.value, fence.isAgainst(volume), case .held = volume.phase,
                let app = view.apps[volume.app]?.value, app.desired == .started,
                app.spec.recovery.fence <= .power, canGoOn(without: volume, app)
            else { return false }
            let verdict = EvidenceRule.judge(
                volume, recovery: app.spec.recovery, fence: fence, cell: view.cells[fence.cell]?.value,
                timing: configuration.timing)
            if case .lacks = verdict { return true }
            return false
        }
    }

    private func canGoOn(without volume: VolumeRecord, _ app: AppRecord) -> Bool {
        app.spec.recovery.whenLost == .empty
            || view.index.volumes(of: app.id).contains { id in
                view.volumes[id].map { $0.value.isMade && $0.value.phase == .follows(volume.id) } == true
            }
    }
}
