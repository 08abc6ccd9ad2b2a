import FoundryModel

/// What the checks say about one running process.
struct MemberHealth: Hashable, Sendable {
    enum State: Hashable, Sendable {
        /// It ran before this cell process did, and was not checked yet.
        case unknown
        case starting
        case healthy
        case unhealthy
    }

    /// Between checks of a member that has not answered yet: close at first, because a start is waited for.
    private static let eagerMilliseconds: Int64 = 40
    private static let eagerUntilMilliseconds: Int64 = 10_000
    private static let patientMilliseconds: Int64 = 500

    let pid: Int32
    let beganAt: MonotonicTime
    private(set) var state: State
    private(set) var failures = 0
    private(set) var healthySince: MonotonicTime?
    var nextProbe: MonotonicTime
    var isProbing = false

    init(pid: Int32, isAdopted: Bool, beganAt: MonotonicTime, now: MonotonicTime) {
        self.pid = pid
        self.beganAt = beganAt
        state = isAdopted ? .unknown : .starting
        nextProbe = now
    }

    mutating func serves(now: MonotonicTime) {
        failures = 0
        if state != .healthy { healthySince = now }
        state = .healthy
    }

    /// - Returns: true when the member must be restarted.
    mutating func fails(_ check: HealthCheck, now: MonotonicTime) -> Bool {
        let isYoung = now - beganAt < check.startPeriodMilliseconds
        switch state {
        case .unknown where !isYoung:
            // Past its start, and nothing else is known of it: it has as many tries as one that answered.
            failures = 1
            state = .unhealthy
            return failures >= check.failuresAllowed
        case .unknown, .starting:
            state = .starting
            return !isYoung
        case .healthy, .unhealthy:
            failures += 1
            if failures >= check.failuresAllowed { state = .unhealthy }
            return failures >= check.failuresAllowed
        }
    }

    mutating func scheduleNext(_ check: HealthCheck, now: MonotonicTime) {
        isProbing = false
        switch state {
        case .unknown, .starting:
            let isEager = now - beganAt < Self.eagerUntilMilliseconds
            nextProbe =
                now + min(check.intervalMilliseconds, isEager ? Self.eagerMilliseconds : Self.patientMilliseconds)
        case .healthy, .unhealthy: nextProbe = now + check.intervalMilliseconds
        }
    }
}

/// One check to make now.
public struct HealthProbeOrder: Hashable, Sendable {
    public var member: MemberID
    public var pid: Int32
    public var address: String
    public var port: Int
    public var timeoutMilliseconds: Int64
}
