/// What came of a run.
public struct RunOutcome: Sendable {
    public var request: RunRequest
    /// nil: every invariant held.
    public var violation: Violation?
    public var reached: ReachedCounters
    public var events: Int
    /// Of everything that happened, in order: two runs of one request have the same.
    public var fingerprint: UInt64
    /// Writes that clients were told are done.
    public var acknowledged: Int64
    /// When it was asked for: the last lines, oldest first.
    public var story: [String]

    public init(
        request: RunRequest, violation: Violation?, reached: ReachedCounters, events: Int, fingerprint: UInt64,
        acknowledged: Int64, story: [String]
    ) {
        self.request = request
        self.violation = violation
        self.reached = reached
        self.events = events
        self.fingerprint = fingerprint
        self.acknowledged = acknowledged
        self.story = story
    }
}
