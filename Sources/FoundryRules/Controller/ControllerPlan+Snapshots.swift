import FoundryModel

extension ControllerPlan {
    /// Those that were written, those of cells that spoke, and those whose time may be over.
    mutating func advanceSnapshots(using generator: inout some RandomNumberGenerator) {
        guard !view.snapshots.isEmpty else { return }
        let due = view.snapshots.values.filter { snapshot in
            dirt.all || dirt.time || dirt.snapshots.contains(snapshot.value.id)
                || dirt.cells.contains(snapshot.value.cell)
        }
        for snapshot in due.sorted(by: { $0.value.id < $1.value.id }) { advance(snapshot, using: &generator) }
    }

    private mutating func advance(
        _ snapshot: Revised<SnapshotRecord>, using generator: inout some RandomNumberGenerator
    ) {
        switch snapshot.value.state {
        case .asked:
            let status = reported(snapshot.value)
            if let label = status?.label, label.source.lineage == snapshot.value.lineage {
                note(label, of: snapshot, using: &generator)
            } else if let problem = status?.problem {
                giveUp(snapshot, problem, using: &generator)
            } else if now - snapshot.value.createdAt >= SnapshotRule.takeMilliseconds,
                !view.switches.unheard.contains(snapshot.value.cell)
            {
                let late = FoundryError(
                    .timedOut, "Snapshot \(snapshot.value.name) of \(snapshot.value.appName) was not taken in time.",
                    hint: "foundry why \(snapshot.value.appName)")
                giveUp(snapshot, late, using: &generator)
            }
        case .taken: release(snapshot, using: &generator)
        case .removing: forget(snapshot)
        }
    }

    private func reported(_ snapshot: SnapshotRecord) -> SnapshotStatus? {
        reports[snapshot.cell]?.snapshots?.first { $0.id == snapshot.id }
    }

    private mutating func note(
        _ label: SnapshotLabel, of snapshot: Revised<SnapshotRecord>, using generator: inout some RandomNumberGenerator
    ) {
        var next = snapshot.value
        next.state = .taken(label.taking)
        // The volume may have grown since it was asked for.
        next.size = max(next.size, label.source.size)
        let words =
            label.pauseMilliseconds.map { "was taken; writes were held for \($0) ms" } ?? "was taken of a disk at rest"
        write(.snapshotTaken, next, expects: snapshot.revision, .snapshotTaken, words, using: &generator)
    }

    /// What was not taken when it was asked for is not taken later: what there may be of it goes, and who waits is told why.
    private mutating func giveUp(
        _ snapshot: Revised<SnapshotRecord>, _ problem: FoundryError,
        using generator: inout some RandomNumberGenerator
    ) {
        var next = snapshot.value
        next.state = .removing
        let waiting = view.jobs.values.filter {
            $0.value.snapshot == next.id && $0.value.operation != .removeSnapshot && $0.value.state == .processing
        }
        let failed = waiting.map { job -> RecordWrite in
            var ended = job.value
            ended.state = .failed(problem)
            ended.updatedAt = now
            return .put(.job(ended), expects: .revision(job.revision))
        }
        write(
            .snapshotFail, next, expects: snapshot.revision, .snapshotFailed,
            "could not be taken: \(problem.message)", and: failed, using: &generator)
    }

    /// What was taken for one volume goes when that is made, or not to be made any more.
    private mutating func release(
        _ snapshot: Revised<SnapshotRecord>, using generator: inout some RandomNumberGenerator
    ) {
        guard snapshot.value.madeFor != nil, view.volume(madeFrom: snapshot.value.id) == nil else { return }
        var next = snapshot.value
        next.state = .removing
        write(
            .snapshotRelease, next, expects: snapshot.revision, .snapshotRemoved,
            "is being removed: it was taken for a clone alone", using: &generator)
    }

    /// Its cell follows the order to delete it, and has nothing of it any more.
    private mutating func forget(_ snapshot: Revised<SnapshotRecord>) {
        guard let report = reports[snapshot.value.cell], view.isFollowed(snapshot.revision, by: report),
            let statuses = report.snapshots, !statuses.contains(where: { $0.id == snapshot.value.id })
        else { return }
        add(
            .snapshotForget, "snapshot/\(snapshot.value.id)",
            [
                .delete(
                    key: Record.snapshot(snapshot.value).key, kind: .snapshot, expects: .revision(snapshot.revision))
            ], for: .snapshot(snapshot.value.id))
    }

    private mutating func write(
        _ name: ControllerEffectName, _ next: SnapshotRecord, expects revision: Int64, _ kind: EventName,
        _ message: String, and more: [RecordWrite] = [], using generator: inout some RandomNumberGenerator
    ) {
        let event = event(kind, app: next.app, subject: next.subject, message, using: &generator)
        add(
            name, "snapshot/\(next.id)", [.put(.snapshot(next), expects: .revision(revision)), event] + more,
            for: .snapshot(next.id))
    }
}
