import FoundryModel

extension ControllerPlan {
    private static let routePatienceMilliseconds: Int64 = 10_000

    /// Carries out the next step of a rollout.
    mutating func roll(_ app: Revised<AppRecord>, using generator: inout some RandomNumberGenerator) {
        guard let rollout = app.value.rollout, let step = RolloutRule.next(app: app.value, facts: facts) else { return }
        switch step {
        case .advance(let member): pin(member, to: nil, app)
        case .retreat(let member): pin(member, to: rollout.previousGeneration, app)
        case .standDown(let member, _): stand(member, down: true, app)
        case .goBack(let reason, let lastLines):
            change(app, routeBack(app.value, rollout)) {
                $0.rollout?.state = .goingBack(reason: reason)
                $0.rollout?.lastLines = lastLines
                $0.rollout?.routeBefore = nil
            }
        case .finish:
            end(app, "all members run the new specification", using: &generator) { $0.rollout = nil }
        case .finishBack(let reason):
            guard isReachedAgain(app.value) else { return }
            let jobs = undone(app.value, rollout, reason, using: &generator)
            end(app, "went back to the specification before: \(reason)", jobs, using: &generator) {
                $0.spec = rollout.previous
                $0.rollout = nil
            }
        case .wait: break
        }
    }

    /// The route that the app had before.
    private func routeBack(_ app: AppRecord, _ rollout: Rollout) -> [RecordWrite] {
        guard let before = rollout.routeBefore else { return [] }
        let now = view.route(of: app.id).flatMap { view.routes[Record.route($0).key] }
        return RouteChange(from: now, to: before.route).writes
    }

    /// Whoever hears that a change was undone can use the app again. A router that does not answer is not waited for.
    private mutating func isReachedAgain(_ app: AppRecord) -> Bool {
        let isJustBack = view.primaries(of: app.id).compactMap { facts.status(of: $0) }.contains { status in
            status.phase == .healthy && now - status.since < Self.routePatienceMilliseconds
        }
        return !isJustBack || JobRule.isRouted(app, view, router)
    }

    /// Whoever waits for the change hears that it was undone, and why.
    private func undone(
        _ app: AppRecord, _ rollout: Rollout, _ reason: String, using generator: inout some RandomNumberGenerator
    ) -> [RecordWrite] {
        let end = reason.hasSuffix(".") ? "" : "."
        let error = FoundryError(
            .changeUndone, "\(app.name) did not become healthy and is as it was before: \(reason)\(end)",
            detail: rollout.lastLines.isEmpty ? nil : rollout.lastLines.joined(separator: "\n"),
            hint: "foundry logs \(app.name)")
        let waiting = view.jobs.values.filter {
            $0.value.app == app.id && [.applyManifest, .updateService].contains($0.value.operation)
                && $0.value.state == .processing
        }
        return waiting.sorted { $0.value.id < $1.value.id }.flatMap { job in
            var failed = job.value
            failed.state = .failed(error)
            failed.updatedAt = now
            return [.put(.job(failed), expects: .revision(job.revision))]
                + settled(failed, failed.state, isUndone: true, using: &generator)
        }
    }

    private mutating func pin(_ member: MemberID, to generation: Int?, _ app: Revised<AppRecord>) {
        if var record = view.members[member] {
            record.value.pinned = generation
            add(
                .rolloutStep, "member/\(member)", [.put(.member(record.value), expects: .revision(record.revision))],
                for: .app(app.value.id))
        }
    }

    private mutating func change(
        _ app: Revised<AppRecord>, _ others: [RecordWrite], _ change: (inout AppRecord) -> Void
    ) {
        var next = app.value
        change(&next)
        add(
            .rolloutStep, "app/\(next.id)", [.put(.app(next), expects: .revision(app.revision))] + others,
            for: .app(next.id))
    }

    private mutating func end(
        _ app: Revised<AppRecord>, _ words: String, _ others: [RecordWrite] = [],
        using generator: inout some RandomNumberGenerator,
        _ change: (inout AppRecord) -> Void
    ) {
        var next = app.value
        change(&next)
        add(
            .rolloutStep, "app/\(next.id)",
            [
                .put(.app(next), expects: .revision(app.revision)),
                event(.rolloutEnded, app: next.id, subject: next.name.description, words, using: &generator),
            ] + others, for: .app(next.id))
    }
}
