import FoundryModel

extension ControllerPlan {
    /// Carries out the next step of a rollout.
    mutating func roll(_ app: Revised<AppRecord>, using generator: inout some RandomNumberGenerator) {
        guard let rollout = app.value.rollout, let step = RolloutRule.next(app: app.value, facts: facts) else { return }
        switch step {
        case .advance(let member): pin(member, to: nil, app)
        case .retreat(let member): pin(member, to: rollout.previousGeneration, app)
        case .standDown(let member, _): stand(member, down: true, app)
        case .goBack(let reason):
            change(app) { $0.rollout?.state = .goingBack(reason: reason) }
        case .finish:
            end(app, "all members run the new specification", using: &generator) { $0.rollout = nil }
        case .finishBack:
            end(app, Self.backWords(rollout), using: &generator) {
                $0.spec = rollout.previous
                $0.rollout = nil
            }
        case .wait: break
        }
    }

    private static func backWords(_ rollout: Rollout) -> String {
        var words = "went back to the specification before"
        if case .goingBack(let reason) = rollout.state { words += ": \(reason)" }
        return words
    }

    private mutating func pin(_ member: MemberID, to generation: Int?, _ app: Revised<AppRecord>) {
        if var record = view.members[member] {
            record.value.pinned = generation
            add(
                .rolloutStep, "member/\(member)", [.put(.member(record.value), expects: .revision(record.revision))],
                for: .app(app.value.id))
        }
    }

    private mutating func change(_ app: Revised<AppRecord>, _ change: (inout AppRecord) -> Void) {
        var next = app.value
        change(&next)
        add(
            .rolloutStep, "app/\(next.id)", [.put(.app(next), expects: .revision(app.revision))], for: .app(next.id))
    }

    private mutating func end(
        _ app: Revised<AppRecord>, _ words: String, using generator: inout some RandomNumberGenerator,
        _ change: (inout AppRecord) -> Void
    ) {
        var next = app.value
        change(&next)
        add(
            .rolloutStep, "app/\(next.id)",
            [
                .put(.app(next), expects: .revision(app.revision)),
                event(.rolloutEnded, app: next.id, subject: next.name.description, words, using: &generator),
            ], for: .app(next.id))
    }
}
