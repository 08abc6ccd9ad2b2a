import FoundryModel

/// What is known until the next change: when time will matter, and whether anything is under way.
struct CellWakes: Sendable {
    enum Probe: Sendable {
        case stale
        /// nil: no check will be due.
        case known(MonotonicTime?)
    }

    /// For everything but checks; nil: nothing waits for time.
    var timer: MonotonicTime?
    var probe = Probe.stale
    /// nil: not known.
    var isQuiet: Bool?

    func isDue(_ now: MonotonicTime) -> Bool { timer.map { $0 <= now } ?? false }
}

extension CellMachine {
    /// When the machine wants a tick, or has a check due: not before now; nil: nothing waits for time.
    public func nextWake(now: Moment) -> MonotonicTime? {
        var probe: MonotonicTime?
        switch wakes.probe {
        case .known(let known): probe = known
        case .stale: probe = probeWake()
        }
        guard let next = [probe, wakes.timer, roleWake()].compactMap({ $0 }).min() else { return nil }
        return max(next, now.monotonic)
    }

    /// The next moment after now at which a retry, a member's next start or a kill is due.
    func timerWake(now: Moment) -> MonotonicTime? {
        var next: MonotonicTime?
        func consider(_ time: MonotonicTime) {
            if time > now.monotonic, next.map({ time < $0 }) ?? true { next = time }
        }
        for (lane, retry) in retries where inFlight[lane] == nil { consider(retry.notBefore) }
        for (member, history) in histories {
            guard let time = history.nextTry, containers[member] == nil, let order = order(of: member),
                isHeldBack(order, now: now.wall), shallRun(order)
            else { continue }
            consider(now.monotonic + max(0, time - now.wall))
        }
        for stop in stops.values {
            if let due = stop.killDue { consider(due) }
        }
        return next
    }

    private func probeWake() -> MonotonicTime? {
        var next: MonotonicTime?
        for (member, mine) in health where containers[member]?.isRunning == true {
            guard let time = order(of: member).flatMap(mine.nextProbe) else { continue }
            if next.map({ time < $0 }) ?? true { next = time }
        }
        return next
    }

    /// The checks that are due. Each must be answered by `probed`.
    public mutating func takeProbes(now: MonotonicTime) -> [HealthProbeOrder] {
        if case .known(let next) = wakes.probe, next.map({ $0 > now }) ?? true { return [] }
        var due: [HealthProbeOrder] = []
        for order in orders?.members ?? [] {
            guard var mine = health[order.id], case .running(mine.pid, _)? = containers[order.id]?.phase else {
                continue
            }
            let taken = mine.takeDue(order, now: now)
            guard !taken.isEmpty else { continue }
            for (role, check) in taken {
                due.append(
                    HealthProbeOrder(
                        member: order.id, pid: mine.pid, role: role, asks: check.asks,
                        address: address(slot: order.slot), timeoutMilliseconds: check.timeoutMilliseconds))
            }
            health[order.id] = mine
        }
        wakes.probe = .known(probeWake())
        return due
    }
}
