import FoundryModel

/// A member in a rollout, and what its cell says of the container that it shall have.
struct RolloutMember {
    let record: MemberRecord
    /// nil: nothing yet, or of an older container.
    let status: MemberStatus?
    private let isReachable: Bool

    init(_ record: MemberRecord, _ app: AppRecord, _ facts: RecoveryFacts) {
        self.record = record
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

    /// Why it does not become healthy; nil while it may.
    var failure: String? {
        guard let status, !isHealthy else { return nil }
        let reason = status.lastExit?.reason ?? "ended"
        switch status.phase {
        case .crashed: return reason
        case .refused(let error): return error.message
        case .preparing, .starting, .healthy, .unhealthy, .unready, .stopping, .stopped, .waiting:
            return status.restarts > RolloutRule.restartsAllowed ? "\(reason), \(status.restarts) times" : nil
        }
    }

    func name(in app: AppRecord) -> String { "\(app.name)/\(record.index)" }
}
