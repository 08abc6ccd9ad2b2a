import FoundryModel

/// One thing that the controller does for a rollout, as one transaction.
public enum RolloutStep: Hashable, Sendable {
    /// The member gets the newest specification: it is pinned no more.
    case advance(MemberID)
    /// The member gets the previous specification again: it is pinned to the previous generation.
    case retreat(MemberID)
    /// The primary, which is the last to change, stands down for a replica that has changed.
    case standDown(MemberID, for: MemberID)
    /// A member did not become healthy: no other is touched, and those that changed go back.
    case goBack(reason: String, lastLines: [String])
    /// All run the newest specification: the rollout goes from the app's record.
    case finish
    /// All run the previous specification: it becomes the app's again, and the rollout goes. The members stay pinned to its generation, so that no
    /// generation ever means two things.
    case finishBack(reason: String)
    case wait(WhyLine)
}

/// Leads a changed specification through the members of a workload: one at a time, replicas first, and back at the first that does not become healthy.
/// Members that know nothing of each other change in the order of their numbers.
///
/// A primary with replicas changes over to one that has changed already, so a workload with replicas is never without all of them.
public enum RolloutRule {
    /// Ends of a member's process under the newest specification, after which it counts as failed. One that does not answer within its start period is
    /// ended by its cell, and counts as failed at once.
    public static let restartsAllowed = 2

    /// - Returns: nil when the app is in no rollout, or shall not run.
    public static func next(app: AppRecord, facts: RecoveryFacts) -> RolloutStep? {
        guard let rollout = app.rollout, app.desired == .started else { return nil }
        let surplus = facts.view.surplus(of: app)
        let members = facts.view.members(of: app.id).filter { !surplus.contains($0) }.map {
            RolloutMember($0, app, facts)
        }
        switch rollout.state {
        case .rolling: return roll(app, members, facts)
        case .goingBack(let reason): return back(app, members, reason)
        }
    }

    private static func roll(_ app: AppRecord, _ members: [RolloutMember], _ facts: RecoveryFacts) -> RolloutStep {
        let changed = members.filter { $0.record.pinned == nil }
        for member in changed {
            guard let reason = member.failure else { continue }
            return .goBack(reason: reason, lastLines: member.lastLines)
        }
        if let waiting = changed.first(where: { !$0.isHealthy }) { return wait(app, waiting) }
        let left = members.filter { $0.record.pinned != nil }
        if let broken = left.first(where: \.isBroken) { return .advance(broken.record.id) }
        if let waiting = left.first(where: { !$0.mayChange(isAlone: members.count == 1) }) { return wait(app, waiting) }
        if let replica = left.first(where: { $0.record.role == .replica }) { return .advance(replica.record.id) }
        guard let primary = left.first else { return .finish }
        guard changed.contains(where: { $0.record.role == .replica }) else { return .advance(primary.record.id) }
        return change(primary, app, facts)
    }

    /// Every replica has changed: the primary changes over to one of them, and follows.
    private static func change(
        _ primary: RolloutMember, _ app: AppRecord, _ facts: RecoveryFacts
    ) -> RolloutStep {
        let hasTried = facts.stoodDownAt[primary.record.id] != nil && !primary.record.standsDown
        guard !hasTried else { return .advance(primary.record.id) }
        guard !primary.record.standsDown else { return wait(app, primary) }
        guard let next = RecoveryCase(app: app, primary: primary.record, facts: facts).successor else {
            return .wait(
                WhyLine(
                    subject: primary.name(in: app),
                    text: "changes when a replica with the newest specification has caught up",
                    hint: "foundry why \(app.name)"))
        }
        return .standDown(primary.record.id, for: next)
    }

    /// The failed ones first; one that is healthy only while all others are.
    private static func back(_ app: AppRecord, _ members: [RolloutMember], _ reason: String) -> RolloutStep {
        let changed = members.filter { $0.record.pinned == nil }
        if let failed = changed.first(where: { !$0.isHealthy }) { return .retreat(failed.record.id) }
        if let waiting = members.first(where: { !$0.isHealthy }), !changed.isEmpty { return wait(app, waiting) }
        guard let next = changed.first(where: { $0.record.role == .replica }) ?? changed.first else {
            // The last of them serves, or is what it was: then it is said that it went back.
            if let last = members.first(where: { $0.isComing }) { return wait(app, last) }
            return .finishBack(reason: reason)
        }
        return .retreat(next.record.id)
    }

    private static func wait(_ app: AppRecord, _ member: RolloutMember) -> RolloutStep {
        let problem = member.status?.problem.map { ": \($0.message)" } ?? ""
        return .wait(
            WhyLine(
                subject: member.name(in: app), text: "the rollout waits until it serves\(problem)",
                hint: "foundry logs \(app.name)"))
    }
}
