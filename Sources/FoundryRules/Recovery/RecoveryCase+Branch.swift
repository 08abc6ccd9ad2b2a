import FoundryModel

/// What `available` does that `consistent` never does: it goes on from a copy that may lack acknowledged writes, and keeps the old one as a fork.
extension RecoveryCase {
    /// Without waiting for evidence, once the cell was silent for T; a workload that asks for a person's word waits for it under this policy, too.
    mutating func branch(
        _ primary: RecoveryCopy, _ fence: FenceRecord, _ verdict: EvidenceVerdict, _ candidates: [RecoveryCopy]
    ) {
        if case .lacks(let lack) = verdict {
            guard recovery.fence != .person, wasSilent(primary) else {
                return sayUnfreed(primary, lack, fence)
            }
        }
        guard !candidates.isEmpty || recovery.whenLost == .empty else { return waitForCopy(primary) }
        let forks = facts.view.volumes(of: app.id).filter(Self.isFork).count
        guard forks < RecoveryRule.forksAllowed else {
            return sayVolume(
                "there are \(forks) forks of it already; a person decides which to keep", hint: "foundry volumes")
        }
        guard !candidates.isEmpty else { return begin(primary, fence) }
        guard let next = best(candidates.filter { hasRoom($0.member.cell) }) else {
            return sayVolume(
                "the pools of its replicas are \(RecoveryRule.fullPercent)% full; a fork is not begun there",
                hint: "foundry volumes")
        }
        plan.steps.append(.fork(from: primary.id, to: next.member.id, fence: fence.id))
    }

    /// A cell that a person fenced may live: it is stopped in order, and gives its word. Only a session that expired was silent for T.
    private func wasSilent(_ primary: RecoveryCopy) -> Bool {
        facts.view.sessions[primary.member.cell].map { session in
            session.value.state != .alive
                || facts.view.isReplaced(primary.volume.value.incarnation, on: session.value.cell)
        } == true
    }

    private mutating func waitForCopy(_ primary: RecoveryCopy) {
        let cell = primary.member.cell.short
        say(
            member,
            replicas.isEmpty
                ? "waits for cell \(cell): its only copy is there" : "waits for cell \(cell): no replica is in reach",
            hint: "foundry cells")
    }

    /// A cache starts empty, once all its copies are given up, or are known to be empty themselves.
    private mutating func begin(_ primary: RecoveryCopy, _ fence: FenceRecord) {
        if let copy = replicas.first(where: { !$0.standing.isLost && !$0.isKnownEmpty }) {
            let cell = copy.member.cell.short
            let wait = copy.standing == .reachable ? "says what it has" : "is heard or given up"
            return say(
                member, "begins empty, but not before its replica on cell \(cell) \(wait)", hint: "foundry cells")
        }
        guard canMove() else { return }
        for copy in replicas { plan.steps.append(.dropReplica(copy.member.id)) }
        if replicas.isEmpty { plan.steps.append(.startEmpty(instead: primary.id, fence: fence.id)) }
    }

    private static func isFork(_ volume: VolumeRecord) -> Bool {
        if case .forked = volume.phase { return true }
        return false
    }

    /// Volumes are promised whole, so what they may take counts, not what they took.
    private func hasRoom(_ cell: CellID) -> Bool {
        let taken = facts.view.index.volumes(on: cell).compactMap { facts.view.volumes[$0]?.value.size }
        return facts.view.cells[cell].map {
            taken.reduce(.zero, +).bytes < $0.value.capacity.disk.bytes / 100 * RecoveryRule.fullPercent
        } == true
    }
}
