import FoundryModel

/// A planned change-over: the primary stands down, is sealed, and a replica that has the last of it takes over.
extension RecoveryCase {
    /// Begins one, away from a drained cell.
    ///
    /// - Returns: whether it does.
    mutating func leave(_ primary: RecoveryCopy) -> Bool {
        guard let next = best(successors(primary)) else {
            if let copy = replicas.first(where: { facts.canHost($0.member.cell) && !isGone($0) }) {
                say(
                    member,
                    "leaves drained cell \(primary.member.cell.short) when \(app.name)/\(copy.member.index) has caught up"
                )
            }
            return false
        }
        if let tried = facts.stoodDownAt[primary.member.id],
            facts.now.monotonic - tried < RecoveryRule.restMilliseconds
        {
            say(
                member, "could not change over to \(app.name)/\(next.member.index); it is tried again in some minutes",
                hint: "foundry logs \(app.name)")
            return true
        }
        plan.steps.append(.standDown(primary.member.id, for: next.member.id))
        return true
    }

    /// In a rollout: whom the primary may stand down for.
    var successor: MemberID? {
        primary.flatMap { primary in best(successors(primary))?.member.id }
    }

    /// Replicas that may take over in order: where new members may be, of the newest specification, and caught up as far as can be told before the primary
    /// stops. One that the primary did not wait for to the end may take an older end for the last: what it says of itself is not enough.
    private func successors(_ primary: RecoveryCopy) -> [RecoveryCopy] {
        replicas.filter { copy in
            isFollowing(copy, primary) && facts.canHost(copy.member.cell) && !isPinned(copy)
                && (!isSynchronous || isCurrent(copy, of: primary))
        }
    }

    mutating func advanceChangeOver(_ primary: RecoveryCopy) {
        guard facts.isDrained(primary.member.cell) || app.rollout?.state == .rolling else {
            return plan.steps.append(.standUp(primary.member.id))
        }
        let successors = successors(primary)
        if primary.volume.value.phase == .sealed, let next = best(successors.filter { hasAll($0, of: primary) }) {
            return plan.steps.append(.changeOver(from: primary.member.id, to: next.member.id))
        }
        guard let next = best(successors), !isOverdue(primary.member) else {
            say(member, "goes on: no replica could take over", hint: "foundry why \(app.name)")
            return plan.steps.append(.standUp(primary.member.id))
        }
        let waits =
            primary.volume.value.phase == .sealed
            ? "\(app.name)/\(next.member.index) has the last of its writes" : "its volume is sealed"
        say(member, "stands down for \(app.name)/\(next.member.index), and waits until \(waits)")
    }

    /// While a rollout goes on, only a member that runs the newest specification takes over.
    private func isPinned(_ copy: RecoveryCopy) -> Bool { app.rollout?.state == .rolling && copy.member.pinned != nil }

    private func isOverdue(_ member: MemberRecord) -> Bool {
        guard let since = facts.stoodDownAt[member.id] else { return false }
        return facts.now.monotonic - since >= RecoveryRule.standDownMilliseconds
    }
}
