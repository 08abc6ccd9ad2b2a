import FoundryModel

/// What a check says that restarts nothing: readiness, or the write probe.
struct SideHealth: Hashable, Sendable {
    enum State: Hashable, Sendable {
        /// The member ran before this cell process did, and was not asked yet.
        case unknown
        /// It began under this process, and was not good yet.
        case awaited
        case good
        case bad
    }

    /// After a failure it is asked again soon, so that the end of it is seen soon.
    static let againMilliseconds: Int64 = 2_000

    let role: CheckRole
    let check: HealthCheck
    private(set) var state: State
    private(set) var failures = 0
    /// The last one, while it fails.
    private(set) var failure: CheckFailure?
    var nextProbe: MonotonicTime
    var isProbing = false

    init(_ role: CheckRole, _ check: HealthCheck, state: State, nextProbe: MonotonicTime) {
        self.role = role
        self.check = check
        self.state = state
        self.nextProbe = nextProbe
    }

    /// How it fails, in words.
    var complaint: String? { failure.map { CheckWords.complaint(role, check, $0) } }

    /// - Parameter pause: until it is asked again while nothing is known of it.
    mutating func note(_ verdict: CheckVerdict, pause: Int64, now: MonotonicTime) {
        isProbing = false
        switch verdict {
        case .unknown: break
        case .serves:
            state = .good
            failures = 0
            failure = nil
        case .fails(let new):
            failures = min(failures + 1, check.failuresAllowed)
            // The words of the first failure of a kind stay.
            if failure?.isSame(as: new) != true { failure = new }
            if state != .awaited, failures >= check.failuresAllowed { state = .bad }
        }
        nextProbe = now + self.pause(whileUnknown: pause)
    }

    private func pause(whileUnknown pause: Int64) -> Int64 {
        let interval = check.intervalMilliseconds
        switch state {
        case .unknown, .awaited: return min(interval, pause)
        case .good, .bad: return failures == 0 ? interval : min(interval, Self.againMilliseconds)
        }
    }
}
