import FoundryModel

/// The primary's cell is alive: what protects it, and who follows it.
extension RecoveryCase {
    mutating func serve(_ primary: RecoveryCopy) {
        explainBroken(primary.member, primary.phase)
        explainRestore(primary)
        keepReplication(primary)
        keepGuard(primary)
        if primary.member.standsDown { return advanceChangeOver(primary) }
        guard primary.volume.value.isMade, case .held = primary.volume.value.phase else {
            if facts.isDrained(primary.member.cell) {
                say(member, "is being started on drained cell \(primary.member.cell.short); it moves afterwards")
            }
            return
        }
        let isLeaving = facts.isDrained(primary.member.cell) && leave(primary)
        if !isLeaving { keepReplicas(primary) }
    }

    /// Whom the primary waits for before it acknowledges a write, and which of them are known to be current.
    private mutating func keepReplication(_ primary: RecoveryCopy) {
        let state = primary.volume.value.replication
        for id in state.waitsFor where mustGo(id) { plan.steps.append(.dropWait(primary.id, replica: id)) }
        for id in state.enforced where !state.waitsFor.contains(id) && mustGo(id) {
            plan.steps.append(.dropWait(primary.id, replica: id))
        }
        guard isSynchronous, case .held = primary.volume.value.phase, !primary.member.standsDown else { return }
        for copy in replicas where !state.waitsFor.contains(copy.id) && isFollowing(copy, primary) {
            plan.steps.append(.waitFor(primary.id, replica: copy.id))
        }
        enforce(primary)
    }

    private func replica(_ id: VolumeID) -> RecoveryCopy? { replicas.first { $0.id == id } }

    private func mustGo(_ id: VolumeID) -> Bool {
        guard isSynchronous, let copy = replica(id) else { return true }
        return cannotFollow(copy)
    }

    /// The primary goes on without it: whatever it acknowledges from then on, the replica may lack.
    private func cannotFollow(_ copy: RecoveryCopy) -> Bool {
        switch copy.standing {
        case .overdue, .fenced, .unfenced, .unheard: true
        case .reachable: copy.isBroken
        case .late, .returning: false
        }
    }

    func isFollowing(_ copy: RecoveryCopy, _ primary: RecoveryCopy) -> Bool {
        copy.standing == .reachable && copy.volume.value.phase == .follows(primary.id) && copy.volume.value.isMade
            && !copy.isBroken && copy.progress(under: primary.volume.value.epoch) != nil
    }

    /// Only what the primary says under orders that already name the replica counts: earlier news may be of a time when it was dropped since.
    private mutating func enforce(_ primary: RecoveryCopy) {
        let (volume, state) = (primary.volume, primary.volume.value.replication)
        guard case .primary(volume.value.epoch, let waitsFor)? = primary.replication,
            let report = facts.reports[primary.member.cell], facts.view.isFollowed(volume.revision, by: report)
        else { return }
        let current = state.waitsFor.filter { id in
            if state.enforced.contains(id) { return true }
            guard let copy = replica(id), waitsFor.contains(copy.member.id) else { return false }
            return isFollowing(copy, primary)
        }
        guard current.count > state.enforced.count else { return }
        plan.steps.append(.enforce(primary.id, replicas: current.sorted()))
    }

    /// On when it pays, off when it does not; never touched while a fence is in force, whose evidence counts on it.
    mutating func keepGuard(_ primary: RecoveryCopy) {
        if case .fenced = primary.standing { return }
        let volume = primary.volume
        let isWanted = mayGuard(primary) && (primary.standing != .reachable || wantsGuard(primary))
        switch volume.value.guardState {
        case .off: if isWanted, primary.standing == .reachable { plan.steps.append(.orderGuard(volume.value.id)) }
        case .ordered:
            if !isWanted {
                plan.steps.append(.dropGuard(volume.value.id))
            } else if isGuardedByWord(volume) {
                plan.steps.append(.confirmGuard(volume.value.id))
            }
        case .on: if !isWanted { plan.steps.append(.dropGuard(volume.value.id)) }
        }
    }

    private func mayGuard(_ primary: RecoveryCopy) -> Bool {
        guard facts.timing != nil, !switches.isInMaintenance, app.desired == .started else { return false }
        if case .held = primary.volume.value.phase { return true }
        return false
    }

    /// A holder is guarded when the controller may start a copy elsewhere without its word.
    private func wantsGuard(_ primary: RecoveryCopy) -> Bool {
        let isAvailable = app.spec.restartPolicy == .available
        guard recovery.fence == .session || (isAvailable && recovery.fence == .power) else { return false }
        return replicas.contains { copy in
            guard !copy.standing.isLost, copy.volume.value.isMade else { return false }
            let isEnforced = primary.volume.value.replication.enforced.contains(copy.id)
            return isAvailable || (isEnforced && isSynchronous && !cannotFollow(copy))
        }
    }

    private func isGuardedByWord(_ volume: Revised<VolumeRecord>) -> Bool {
        guard let session = facts.view.sessions[volume.value.cell]?.value, session.state == .alive else { return false }
        return session.guards.volumes.contains {
            $0.volume == volume.value.id && $0.epoch == volume.value.epoch && $0.ordersRevision >= volume.revision
        }
    }
}
