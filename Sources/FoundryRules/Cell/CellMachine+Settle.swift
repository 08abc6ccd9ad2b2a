import FoundryModel

extension CellMachine {
    /// Draws the conclusions that need orders: which volumes must not serve, which ends count, who is healthy without a check.
    ///
    /// - Parameter members: positions in the orders.
    mutating func settle(_ members: [Int], now: Moment) {
        guard let orders else { return }
        for position in members {
            let member = orders.members[position]
            if let volume = member.volume, let error = refusal(member) { refusals[volume] = error }
            countEnd(of: member, now: now)
            followChecks(of: member, now: now)
            followRoles(of: member, now: now)
        }
        guard dirt.isWhole else { return }
        for order in orders.volumes where order.purpose == .delete {
            if let error = deletionRefusal(order) { refusals[order.id] = error }
        }
    }

    /// Without a check a process that runs serves.
    private mutating func followChecks(of member: MemberOrder, now: Moment) {
        guard var mine = health[member.id] else { return }
        mine.follow(
            readiness: member.spec.readiness, writes: ImageChecks.writeProbe(member.spec), now: now.monotonic)
        if member.spec.health.asks == .process { mine.serves(now: now.monotonic) }
        guard mine != health[member.id] else { return }
        health[member.id] = mine
        wakes.probe = .stale
    }

    mutating func noteContainer(_ container: ContainerObservation, now: Moment, adopted: Bool = false) {
        let member = container.member
        if case .ended? = containers[member]?.phase, case .ended = container.phase { return }
        containers[member] = container
        mark(member)
        wakes.probe = .stale
        if latch.isOn, guarded.contains(member), stops[member] == nil { stops[member] = .byGuards }
        if !container.isRunning { replication[member] = nil }
        guard case .running(let pid, let startedAt) = container.phase else { return }
        if health[member]?.pid != pid {
            let age = max(0, now.wall - startedAt)
            health[member] = MemberHealth(
                pid: pid, isAdopted: adopted, beganAt: now.monotonic + -age, now: now.monotonic)
        }
        if !container.isMonitored, stops[member] == nil {
            stops[member] = ContainerStop(reason: "lost its monitor (conmon) and was restarted in order")
        }
    }

    /// Since it ended by itself it waits for its next try.
    func isHeldBack(_ order: MemberOrder, now: Timestamp) -> Bool {
        guard let history = histories[order.id], history.generation == order.generation else { return false }
        return RestartRule.isHeldBack(history, limits: limits, now: now)
    }

    /// An end that nobody ordered is counted once, also when the cell was killed after it had written the count down.
    private mutating func countEnd(of order: MemberOrder, now: Moment) {
        guard shallRun(order), let container = containers[order.id], container.generation == order.generation,
            case .ended(var exit) = container.phase, stops[order.id]?.isByGuards != true
        else { return }
        var history = histories[order.id] ?? RestartHistory(generation: order.generation)
        if history.generation != order.generation { history = RestartHistory(generation: order.generation) }
        guard history.lastExit?.time != exit.time else { return }
        if let stop = stops[order.id], let reason = stop.reason {
            exit.reason = reason
            exit.isByCheck = stop.isByCheck ? true : nil
        }
        let healthyFor = health[order.id]?.healthySince.map { now.monotonic - $0 }
        history = RestartRule.afterEnd(
            history, exit: exit, healthyForMilliseconds: healthyFor, limits: limits, now: now.wall)
        history.restarts += 1
        histories[order.id] = history
        unwritten.insert(order.id)
    }

    private func deletionRefusal(_ order: VolumeOrder) -> FoundryError? {
        guard let volume = volumes[order.id] else { return nil }
        if case .label(let label) = volume.label, label.volume == order.id, label.lineage == order.lineage {
            return nil
        }
        return FoundryError(
            .volumeForeign,
            "Volume \(order.id.short) shall be deleted, and its label is not the one that is meant; it is kept.",
            hint: "foundry volumes")
    }
}
