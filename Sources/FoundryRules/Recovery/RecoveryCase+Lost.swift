import FoundryModel

/// The primary's cell is fenced.
extension RecoveryCase {
    mutating func recover(_ primary: RecoveryCopy, _ fence: FenceRecord) {
        guard !isBraked() else { return }
        guard primary.volume.value.isMade else { return replaceUnmade(primary) }
        guard !facts.view.mustWait(primary.volume.value) else { return explainRestore(primary) }
        let candidates = replicas.filter { canTakeOver($0, from: primary) }
        // Sealed: nobody writes to it, and nobody may until it is granted anew.
        if primary.volume.value.phase == .sealed, isKnown(primary),
            let next = best(candidates.filter { hasAll($0, of: primary) })
        {
            return plan.steps.append(.changeOver(from: primary.member.id, to: next.member.id))
        }
        let verdict = EvidenceRule.judge(
            primary.volume.value, recovery: recovery, fence: fence, cell: facts.view.cells[fence.cell]?.value,
            timing: facts.timing)
        let current = best(candidates.filter { isCurrent($0, of: primary) })
        if let current, isFree(verdict, primary) {
            return plan.steps.append(.handOver(from: primary.id, to: current.member.id, fence: fence.id))
        }
        switch app.spec.restartPolicy {
        case .consistent: waitConsistently(primary, fence, verdict, isCurrentKnown: current != nil)
        case .available: branch(primary, fence, verdict, candidates.filter(\.hasData))
        }
    }

    private func isFree(_ verdict: EvidenceVerdict, _ primary: RecoveryCopy) -> Bool {
        if Planted.has(.drainAndFenceAtOnce), facts.isDrained(primary.member.cell) { return true }
        switch verdict {
        case .frees: return true
        case .lacks: return false
        }
    }

    private func canTakeOver(_ copy: RecoveryCopy, from primary: RecoveryCopy) -> Bool {
        copy.standing == .reachable && copy.volume.value.phase == .follows(primary.id) && copy.volume.value.isMade
            && !copy.isRefused && !switches.unheard.contains(copy.member.cell)
    }

    /// It knows every acknowledged write.
    func isCurrent(_ copy: RecoveryCopy, of primary: RecoveryCopy) -> Bool {
        primary.volume.value.replication.enforced.contains(copy.id) || Planted.has(.unsealedReplicaIsCurrent)
    }

    /// It has the last write of a holder that stopped. What a replica says of that counts only while the holder waited for it to the end: another
    /// may take an older end for the last.
    func hasAll(_ copy: RecoveryCopy, of primary: RecoveryCopy) -> Bool {
        if Planted.has(.laggardTakesOver) { return true }
        return copy.progress(under: primary.volume.value.epoch)?.hasAll ?? false
            && (!isSynchronous || isCurrent(copy, of: primary))
    }

    /// The newest; of equally new ones rather one whose cell is not drained, then the one with the lowest id.
    func best(_ copies: [RecoveryCopy]) -> RecoveryCopy? {
        copies.max { left, right in
            if left.newness != right.newness { return left.newness < right.newness }
            let drained = (facts.isDrained(left.member.cell), facts.isDrained(right.member.cell))
            if drained.0 != drained.1 { return drained.0 }
            return left.member.id > right.member.id
        }
    }

    private mutating func replaceUnmade(_ primary: RecoveryCopy) {
        guard isKnown(primary) else {
            return sayVolume(
                "the store was restored, and cell \(primary.member.cell.short) has not said whether it was made",
                hint: "foundry cells")
        }
        if canMove() { plan.steps.append(.replaceUnmade(primary.id)) }
    }

    /// A store that was restored may be from before it was made, or from before its last grant.
    private func isKnown(_ primary: RecoveryCopy) -> Bool {
        primary.volume.value.epoch >= .first(of: switches.generation)
    }

    private mutating func waitConsistently(
        _ primary: RecoveryCopy, _ fence: FenceRecord, _ verdict: EvidenceVerdict, isCurrentKnown: Bool
    ) {
        let cell = primary.member.cell
        if replicas.isEmpty {
            return say(member, "waits for cell \(cell.short): its only copy is there", hint: "foundry cells")
        }
        if case .lacks(let lack) = verdict { sayUnfreed(primary, lack, fence) }
        guard !isCurrentKnown else { return }
        sayVolume(
            "no replica in reach is known to have every acknowledged write; it waits for cell \(cell.short)",
            hint: "foundry cells")
    }
}
