import FoundryModel

extension CellMachine {
    mutating func noteProbe(_ member: MemberID, pid: Int32, _ role: CheckRole, _ verdict: CheckVerdict, now: Moment) {
        guard var mine = health[member], mine.pid == pid, let check = order(of: member)?.spec.health else { return }
        switch role {
        case .liveness:
            noteAnswer(verdict, of: member, &mine, check, now: now)
            mine.scheduleNext(check, now: now.monotonic)
        case .readiness, .writes: mine.noteSide(role, verdict, now: now.monotonic)
        }
        health[member] = mine
        wakes.probe = .stale
        mark(member)
    }

    func address(slot: Int) -> String { "\(subnet).\(slot)" }

    private mutating func noteAnswer(
        _ verdict: CheckVerdict, of member: MemberID, _ mine: inout MemberHealth, _ check: HealthCheck, now: Moment
    ) {
        switch verdict {
        case .serves: mine.serves(now: now.monotonic)
        case .fails(let how):
            guard check.asks != .process, mine.fails(check, how, now: now.monotonic), stops[member] == nil else {
                return
            }
            stops[member] = ContainerStop(reason: Self.failure(mine, check, how), isByCheck: true)
        case .unknown: break
        }
    }

    private static func failure(_ health: MemberHealth, _ check: HealthCheck, _ how: CheckFailure) -> String {
        let clause = CheckWords.clause(check, how)
        return health.state == .starting
            ? "\(clause) within its start period of \(check.startPeriodMilliseconds / 1000) s and was restarted"
            : "\(clause) \(health.failures) times in a row and was restarted"
    }
}
