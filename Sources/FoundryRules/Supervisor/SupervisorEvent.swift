/// What a supervisor is told.
public enum SupervisorEvent: Hashable, Sendable {
    /// The first one: what runs already, because a supervisor before this one started it.
    case began(running: [String])
    case started(String)
    case notStarted(String)
    case ended(String, DaemonEnd)
    /// Ours are to end; members stay.
    case stopRequested
    /// Members are to be stopped in order by the daemons that hold them, then ours end.
    case drainRequested
    case timePassed

    var isBeginning: Bool { if case .began = self { true } else { false } }
}

/// How a daemon ended.
public enum DaemonEnd: Hashable, Sendable {
    /// With exit code 0.
    case clean
    case unclean
    /// Nobody saw it: it was not our child.
    case unknown
}

/// What a supervisor does.
public enum SupervisorEffect: Hashable, Sendable {
    /// Answered by `started` or `notStarted`.
    case start(String)
    case signal(String, DaemonSignal)
    /// The last one. After a drain nothing of ours is left on the machine but the data.
    case finish(drained: Bool)

    public var name: SupervisorEffectName {
        switch self {
        case .start: .daemonStart
        case .signal: .daemonSignal
        case .finish: .finish
        }
    }
}

public enum DaemonSignal: Hashable, Sendable {
    /// End; leave members as they are.
    case terminate
    /// Stop every member in order, let go of what they used, end with exit code 0.
    case drain
    case kill
}

/// Names the effects of a supervisor; with `.before` and `.after` they name its kill points.
public enum SupervisorEffectName: String, Hashable, Sendable, CaseIterable {
    case daemonStart = "daemon.start"
    case daemonSignal = "daemon.signal"
    case namespacePin = "namespace.pin"
    case namespaceUnpin = "namespace.unpin"
    case finish
}

/// An event that does not fit the state.
public struct SupervisorRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
}
