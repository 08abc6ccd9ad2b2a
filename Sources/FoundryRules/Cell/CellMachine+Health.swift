import FoundryModel

extension CellMachine {
    /// The checks that are due. Each must be answered by `probed`.
    public mutating func takeProbes(now: MonotonicTime) -> [HealthProbeOrder] {
        guard let orders else { return [] }
        return orders.members.compactMap { order in
            guard let port = order.spec.health.port, var mine = health[order.id], !mine.isProbing,
                now >= mine.nextProbe,
                case .running(mine.pid, _)? = containers[order.id]?.phase
            else { return nil }
            mine.isProbing = true
            health[order.id] = mine
            return HealthProbeOrder(
                member: order.id, pid: mine.pid, address: address(slot: order.slot), port: port,
                timeoutMilliseconds: order.spec.health.timeoutMilliseconds)
        }
    }

    /// When the machine wants a tick, or has a check due; nil: nothing waits for time.
    public func nextWake(now: Moment) -> MonotonicTime? {
        let retries = retries.filter { inFlight[$0.key] == nil }.values.map(\.notBefore)
        let tries = (orders?.members ?? []).compactMap { order -> MonotonicTime? in
            guard shallRun(order), containers[order.id] == nil, let next = nextTry(of: order) else { return nil }
            return now.monotonic + max(0, next - now.wall)
        }
        let probes = health.compactMap { member, health -> MonotonicTime? in
            let isChecked = orders?.members.contains { $0.id == member && $0.spec.health.port != nil } ?? false
            return isChecked && !health.isProbing && containers[member]?.isRunning == true ? health.nextProbe : nil
        }
        let ends = stops.values.compactMap { stop in
            stop.signalledAt.map {
                max($0 + Self.stopGraceMilliseconds, stop.killedAt.map { $0 + Self.killAgainMilliseconds } ?? $0)
            }
        }
        return (retries + tries + probes + ends).filter { $0 > now.monotonic }.min()
    }

    mutating func noteProbe(_ member: MemberID, pid: Int32, isServing: Bool, now: Moment) {
        guard var mine = health[member], mine.pid == pid,
            let check = orders?.members.first(where: { $0.id == member })?.spec.health
        else { return }
        if isServing {
            mine.serves(now: now.monotonic)
        } else if mine.fails(check, now: now.monotonic), stops[member] == nil {
            stops[member] = ContainerStop(reason: Self.failure(mine, check))
        }
        mine.scheduleNext(check, now: now.monotonic)
        health[member] = mine
    }

    func address(slot: Int) -> String { "\(subnet).\(slot)" }

    private static func failure(_ health: MemberHealth, _ check: HealthCheck) -> String {
        let port = check.port.map { " on port \($0)" } ?? ""
        return health.state == .starting
            ? "did not answer\(port) within its start period of \(check.startPeriodMilliseconds / 1000) s and was restarted"
            : "did not answer\(port) \(health.failures) times in a row and was restarted"
    }
}
