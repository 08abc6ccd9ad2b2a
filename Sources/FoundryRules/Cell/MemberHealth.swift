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
    /// The same of a command, which costs a processor some 50 ms: after each, so that it takes a quarter of one.
    private static let eagerCommandMilliseconds: Int64 = 150
    private static let patientCommandMilliseconds: Int64 = 1_000
    /// From when it serves to the first write probe: a start has enough to do.
    private static let writesAfterMilliseconds: Int64 = 1_000

    let pid: Int32
    let beganAt: MonotonicTime
    let isAdopted: Bool
    private(set) var state: State
    private(set) var failures = 0
    private(set) var failure: CheckFailure?
    private(set) var healthySince: MonotonicTime?
    var nextProbe: MonotonicTime
    var isProbing = false
    var readiness: SideHealth?
    var writes: SideHealth?

    init(pid: Int32, isAdopted: Bool, beganAt: MonotonicTime, now: MonotonicTime) {
        self.pid = pid
        self.isAdopted = isAdopted
        self.beganAt = beganAt
        state = isAdopted ? .unknown : .starting
        nextProbe = now
    }

    mutating func serves(now: MonotonicTime) {
        failures = 0
        failure = nil
        if state != .healthy {
            healthySince = now
            readiness?.nextProbe = now
            writes?.nextProbe = now + Self.writesAfterMilliseconds
        }
        state = .healthy
    }

    /// - Returns: true when the member must be restarted.
    mutating func fails(_ check: HealthCheck, _ how: CheckFailure, now: MonotonicTime) -> Bool {
        if failure?.isSame(as: how) != true { failure = how }
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
        case .unknown, .starting: nextProbe = now + min(check.intervalMilliseconds, pause(check, now: now))
        case .healthy, .unhealthy: nextProbe = now + check.intervalMilliseconds
        }
    }

    /// Takes over which other checks its order has; what is known by those that stay as they are is kept.
    mutating func follow(readiness: HealthCheck?, writes: HealthCheck?, now: MonotonicTime) {
        self.readiness = follow(.readiness, readiness, self.readiness, now)
        self.writes = follow(.writes, writes, self.writes, now)
    }

    mutating func noteSide(_ role: CheckRole, _ verdict: CheckVerdict, now: MonotonicTime) {
        guard let side = role == .readiness ? readiness : writes else { return }
        let pause = pause(side.check, now: now)
        if role == .readiness {
            readiness?.note(verdict, pause: pause, now: now)
        } else {
            writes?.note(verdict, pause: pause, now: now)
        }
    }

    /// Of a process that runs.
    var phase: MemberPhase {
        switch state {
        case .unknown, .starting: return .starting
        case .unhealthy: return .unhealthy
        case .healthy:
            switch readiness?.state {
            case .unknown, .awaited: return .starting
            case .bad: return .unready
            case .good, nil: return writes?.state == .bad ? .unhealthy : .healthy
            }
        }
    }

    /// A good answer changes nothing.
    func isGood(_ role: CheckRole) -> Bool {
        switch role {
        case .liveness: state == .healthy
        case .readiness: readiness?.state == .good
        case .writes: writes?.state == .good
        }
    }

    /// One of its checks is being made.
    var isAsking: Bool { isProbing || readiness?.isProbing == true || writes?.isProbing == true }

    /// Nothing can be said of it yet.
    var isUnsure: Bool { state == .unknown || (state == .healthy && readiness?.state == .unknown) }

    /// Which check fails and how, in words; nil: none that is worth telling. What a start has not answered yet is told once it is late.
    func complaint(_ check: HealthCheck, now: MonotonicTime) -> String? {
        let mine = failure.map { CheckWords.complaint(.liveness, check, $0) }
        switch phase {
        case .starting: return isLate(now: now) ? mine ?? readiness?.complaint : nil
        case .unready: return readiness?.complaint
        case .unhealthy: return mine ?? writes?.complaint
        case .preparing, .healthy, .stopping, .stopped, .waiting, .crashed, .refused: return nil
        }
    }

    /// Past the time in which a start is only waited for.
    private func isLate(now: MonotonicTime) -> Bool { now - beganAt >= Self.eagerUntilMilliseconds }

    private func pause(_ check: HealthCheck, now: MonotonicTime) -> Int64 {
        if case .command = check.asks {
            return isLate(now: now) ? Self.patientCommandMilliseconds : Self.eagerCommandMilliseconds
        }
        // An engine that says that it is not there yet logs each time.
        if case .engine? = failure { return Self.patientMilliseconds }
        return isLate(now: now) ? Self.patientMilliseconds : Self.eagerMilliseconds
    }

    private func follow(
        _ role: CheckRole, _ check: HealthCheck?, _ mine: SideHealth?, _ now: MonotonicTime
    ) -> SideHealth? {
        guard let check else { return nil }
        if let mine, mine.check == check { return mine }
        let first: SideHealth.State = isAdopted ? .unknown : .awaited
        let isGood = role == .writes || state == .healthy
        return SideHealth(role, check, state: mine?.state ?? (isGood ? .good : first), nextProbe: now)
    }
}

extension MemberHealth {
    /// The check to make, if it is one of the order's and nobody makes it now. What restarts nothing is asked only of a member that serves.
    private func waiting(_ role: CheckRole, _ order: MemberOrder) -> (check: HealthCheck, at: MonotonicTime)? {
        switch role {
        case .liveness:
            guard !isProbing, order.spec.health.asks != .process else { return nil }
            return (order.spec.health, nextProbe)
        case .readiness: return waiting(readiness)
        case .writes: return waiting(writes)
        }
    }

    private func waiting(_ side: SideHealth?) -> (check: HealthCheck, at: MonotonicTime)? {
        guard state == .healthy, let side, !side.isProbing else { return nil }
        return (side.check, side.nextProbe)
    }

    func nextProbe(_ order: MemberOrder) -> MonotonicTime? {
        CheckRole.allCases.compactMap { waiting($0, order)?.at }.min()
    }

    /// The checks that are due, which are being made from then on.
    mutating func takeDue(_ order: MemberOrder, now: MonotonicTime) -> [(role: CheckRole, check: HealthCheck)] {
        var due: [(role: CheckRole, check: HealthCheck)] = []
        for role in CheckRole.allCases {
            guard let (check, at) = waiting(role, order), now >= at else { continue }
            due.append((role, check))
            switch role {
            case .liveness: isProbing = true
            case .readiness: readiness?.isProbing = true
            case .writes: writes?.isProbing = true
            }
        }
        return due
    }
}
