import FoundryModel

/// How a member's phase is told.
public enum PhaseWords {
    /// One word, for tables.
    public static func word(_ phase: MemberPhase) -> String {
        switch phase {
        case .preparing: "preparing"
        case .starting: "starting"
        case .healthy: "healthy"
        case .unhealthy: "unhealthy"
        case .unready: "unready"
        case .stopping: "stopping"
        case .stopped: "stopped"
        case .waiting: "waiting"
        case .crashed: "crashed"
        case .refused: "refused"
        }
    }

    static func sentence(_ status: MemberStatus, logs app: AppName) -> String {
        switch status.phase {
        case .preparing: "is being prepared since \(status.since)."
        case .starting:
            "runs since \(status.startedAt ?? status.since) and has not answered its check yet\(words(status))."
        case .healthy: "serves since \(status.since)."
        case .unhealthy: "runs, and has not answered its check since \(status.since)\(words(status))."
        case .unready: "runs, and gets no connections since \(status.since)\(words(status))."
        case .stopping: "is being stopped since \(status.since)."
        case .stopped: "is stopped since \(status.since)."
        case .waiting(let next): "ended and is started again at \(next)."
        case .crashed(let next): "ended \(status.restarts) times and counts as crashed; it is tried again at \(next)."
        case .refused(let error): "must not start: \(error.message)"
        }
    }

    private static func words(_ status: MemberStatus) -> String { status.complaint.map { ": \($0)" } ?? "" }

    static func hint(_ phase: MemberPhase, _ app: AppName) -> String? {
        switch phase {
        case .waiting, .crashed, .starting, .unhealthy, .unready: "foundry logs \(app)"
        case .refused(let error): error.hint
        case .preparing, .healthy, .stopping, .stopped: nil
        }
    }
}
