import FoundryModel

/// A member in a rollout, and what its cell says of the container that it shall have.
struct RolloutMember {
    let record: MemberRecord
    /// nil: nothing yet, or of an older container.
    let status: MemberStatus?
    private let isReachable: Bool
    private let now: Timestamp

    init(_ record: MemberRecord, _ app: AppRecord, _ facts: RecoveryFacts) {
        self.record = record
        now = facts.now.wall
        isReachable = facts.sights[record.cell].canHost
        let wanted = (record.pinned ?? app.generation) + record.turn
        status = facts.status(of: record).flatMap { $0.generation == wanted ? $0 : nil }
    }

    var isHealthy: Bool { isReachable && status?.phase == .healthy }

    /// It is down anyway: a change can only help.
    var isBroken: Bool {
        switch status?.phase {
        case .crashed, .refused: isReachable
        case .preparing, .starting, .healthy, .unhealthy, .unready, .stopping, .stopped, .waiting, nil: false
        }
    }

    /// Its turn does not wait until it serves: it stands down for its turn, or no other serves beside it, so that nothing is lost by changing it.
    func mayChange(isAlone: Bool) -> Bool { isHealthy || record.standsDown || (isAlone && isReachable) }

    /// It is being made, or on its way to its first answer.
    var isComing: Bool {
        guard isReachable, failure == nil else { return false }
        return switch status?.phase {
        case .preparing, .starting, .waiting, nil: true
        case .healthy, .unhealthy, .unready, .stopping, .stopped, .crashed, .refused: false
        }
    }

    /// What its last process logged at its end.
    var lastLines: [String] { status?.lastExit?.lastLines ?? [] }

    /// Why it does not become healthy; nil while it may.
    var failure: String? {
        guard let status, !isHealthy else { return nil }
        let reason = status.lastExit?.reason ?? "ended"
        switch status.phase {
        case .crashed: return reason
        case .refused(let error): return error.message
        case .preparing, .starting, .healthy, .unhealthy, .unready, .stopping, .stopped, .waiting:
            // A process that was given all the time of a start, and did not answer, will not with more of it.
            if status.restarts > 0, status.lastExit?.isByCheck == true { return reason }
            if status.restarts > RolloutRule.restartsAllowed { return "\(reason), \(status.restarts) times" }
            // What keeps it is tried again and again; a change is not worth waiting for that.
            guard let problem = status.problem, now - status.since >= JobRule.problemMilliseconds else { return nil }
            return problem.message
        }
    }

    func name(in app: AppRecord) -> String { "\(app.name)/\(record.index)" }
}
