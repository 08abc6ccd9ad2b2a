import FoundryModel

extension CellMachine {
    mutating func noteProbe(_ member: MemberID, pid: Int32, isServing: Bool, now: Moment) {
        guard var mine = health[member], mine.pid == pid, let check = order(of: member)?.spec.health else { return }
        if isServing {
            mine.serves(now: now.monotonic)
        } else if let port = check.port, mine.fails(check, now: now.monotonic), stops[member] == nil {
            stops[member] = ContainerStop(reason: Self.failure(mine, check, port))
        }
        mine.scheduleNext(check, now: now.monotonic)
        health[member] = mine
        wakes.probe = .stale
        mark(member)
    }

    func address(slot: Int) -> String { "\(subnet).\(slot)" }

    private static func failure(_ health: MemberHealth, _ check: HealthCheck, _ port: Int) -> String {
        health.state == .starting
            ? "did not answer on port \(port) within its start period of \(check.startPeriodMilliseconds / 1000) s and was restarted"
            : "did not answer on port \(port) \(health.failures) times in a row and was restarted"
    }
}
