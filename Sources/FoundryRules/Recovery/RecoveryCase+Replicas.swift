import FoundryModel

/// As many copies as the workload asks for, on cells that stay: one is added or dropped at a time.
extension RecoveryCase {
    mutating func keepReplicas(_ primary: RecoveryCopy) {
        let needed = recovery.replicas + 1
        let good = replicas.filter { stays($0, primary) }
        let count = good.count + (facts.isDrained(primary.member.cell) ? 0 : 1)
        if count < needed { return add(primary, good) }
        guard primary.volume.value.sealedAt == primary.volume.value.epoch else { return }
        let surplus = count > needed ? replicas : replicas.filter { !stays($0, primary) }
        guard let worst = surplus.max(by: { isBetter($0, $1, primary) }) else { return }
        // Of too many the first to go is one that is not ready; when it is, all are.
        guard count > needed || good.allSatisfy({ isReady($0, primary) }) else {
            return say(worst.member, "is dropped when the other replicas have caught up")
        }
        plan.steps.append(.dropReplica(worst.member.id))
    }

    private mutating func add(_ primary: RecoveryCopy, _ good: [RecoveryCopy]) {
        let cell = primary.member.cell.short
        guard switches.brake == nil else {
            return say(member, "gets no new replica: the brake is on", hint: "foundry brake release")
        }
        if let unmade = good.first(where: { !$0.volume.value.isMade }) {
            return say(unmade.member, "is being made as a replica")
        }
        let taken = Set(replicas.map(\.member.cell)).union([primary.member.cell])
        guard facts.view.cells.keys.contains(where: { !taken.contains($0) && facts.canHost($0) }) else {
            let why =
                facts.isDrained(primary.member.cell) && good.isEmpty
                ? "stays on drained cell \(cell)" : "lacks a replica"
            return say(member, "\(why): no other cell can take a copy of it", hint: "foundry cells")
        }
        plan.steps.append(.addReplica(of: primary.id, avoiding: taken.sorted()))
    }

    /// It counts as one of the copies that the workload asks for.
    private func stays(_ copy: RecoveryCopy, _ primary: RecoveryCopy) -> Bool {
        !facts.isDrained(copy.member.cell) && !isGone(copy) && copy.volume.value.phase == .follows(primary.id)
    }

    /// Lost for so long that it is replaced; at once when nothing can come back.
    func isGone(_ copy: RecoveryCopy) -> Bool {
        if Planted.has(.flappingCellMovedEachTime) { return copy.standing != .reachable }
        switch copy.standing {
        case .reachable, .late, .overdue, .returning, .unheard: return false
        case .fenced, .unfenced:
            let isReplaced = facts.view.isReplaced(copy.volume.value.incarnation, on: copy.member.cell)
            // Of a cell that was not heard since a restore nobody counts how long; a person fenced it.
            let isUnheard = facts.sights[copy.member.cell] == .unheard
            guard !isReplaced, !isUnheard, copy.volume.value.isMade else { return true }
            guard let timing = facts.timing, let since = facts.lostSince[copy.member.cell] else { return false }
            return facts.now.monotonic - since >= RecoveryRule.patience * timing.expiryMilliseconds
        }
    }

    /// It could take over now.
    private func isReady(_ copy: RecoveryCopy, _ primary: RecoveryCopy) -> Bool {
        isFollowing(copy, primary) && (!isSynchronous || isCurrent(copy, of: primary))
    }

    private func isBetter(_ left: RecoveryCopy, _ right: RecoveryCopy, _ primary: RecoveryCopy) -> Bool {
        let (leftRank, rightRank) = (rank(left, primary), rank(right, primary))
        return leftRank == rightRank ? left.member.index < right.member.index : leftRank < rightRank
    }

    /// The higher, the sooner it is dropped.
    private func rank(_ copy: RecoveryCopy, _ primary: RecoveryCopy) -> Int {
        if isGone(copy) || copy.volume.value.phase != .follows(primary.id) { return 3 }
        if facts.isDrained(copy.member.cell) { return 2 }
        return isReady(copy, primary) ? 0 : 1
    }
}
