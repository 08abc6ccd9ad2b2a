import FoundryModel

/// A member with a volume, and what is known of both.
struct RecoveryCopy: Sendable {
    var member: MemberRecord
    var volume: Revised<VolumeRecord>
    var standing: CopyStanding
    /// What its cell says of the member; nil: nothing yet.
    var phase: MemberPhase?
    var replication: ReplicationReport?

    var id: VolumeID { volume.value.id }

    init?(_ member: MemberRecord, facts: RecoveryFacts) {
        guard let id = member.volume, let volume = facts.view.volumes[id] else { return nil }
        self.member = member
        self.volume = volume
        standing = facts.standing(on: volume.value.cell, volume.value.incarnation)
        let status = facts.status(of: member)
        phase = status?.phase
        replication = status?.replication
    }

    /// What it has of the data of its holder's epoch; nil: it follows no holder, or an older one.
    func progress(under epoch: Epoch) -> (position: UInt64, hasAll: Bool)? {
        guard case .replica(epoch, let position, let hasAll)? = replication else { return nil }
        return (position, hasAll)
    }

    /// To compare how new copies are: an engine's positions mean something within one epoch only.
    var newness: (epoch: Epoch, position: UInt64) {
        guard case .replica(let epoch, let position, _)? = replication else { return (.none, 0) }
        return (epoch, position)
    }

    /// It has received anything: one that was just made is empty, and is no copy of what was written.
    var hasData: Bool { newness.position > 0 }

    /// Its cell says that nothing ever reached it; silence is no such word.
    var isKnownEmpty: Bool {
        guard standing == .reachable else { return false }
        if case .replica(_, 0, _)? = replication { return true }
        return !volume.value.isMade
    }

    /// It does not run, and its cell does not expect it to for a while.
    var isBroken: Bool {
        switch phase {
        case .crashed, .refused: true
        case .preparing, .starting, .healthy, .unhealthy, .unready, .stopping, .stopped, .waiting, nil: false
        }
    }

    var isRefused: Bool {
        if case .refused = phase { return true }
        return false
    }
}
