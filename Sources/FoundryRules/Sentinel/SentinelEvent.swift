import FoundryModel

public enum SentinelEvent: Hashable, Sendable {
    /// A renewal of this session succeeded that was sent then.
    case fed(SessionID, sentAt: MonotonicTime)
    /// The session was taken away: it fires now.
    case fire
    /// Nothing is guarded any more.
    case disarm
    case frozen
    /// What a check found: tasks that could still write.
    case killed(remaining: Int)
    /// The cell holds this session and has orders for it.
    case unlatch(SessionID)
    /// The process that feeds it died.
    case cellGone
    case tick
}

public enum SentinelState: Hashable, Sendable, CaseIterable {
    /// Never fed, or disarmed.
    case idle
    case armed
    /// It stops the guarded members.
    case firing
    /// They are stopped, and whatever joins them is.
    case latched
    /// It could not stop them: the machine goes down.
    case failed
}

public struct SentinelDecision: Hashable, Sendable {
    public var effects: GuardEffects = []
    /// The event itself was not taken; the effects are those of time.
    public var rejection: SentinelRejection?

    public init() {}
}

public enum SentinelRejection: Hashable, Sendable, CaseIterable {
    /// The renewal is older than F.
    case stale
    /// It fired; what it holds stays held.
    case latched
    case notLatched
    /// It was not fed under this session since it fired, or fired under it.
    case noNewerSession
    case failed
}
