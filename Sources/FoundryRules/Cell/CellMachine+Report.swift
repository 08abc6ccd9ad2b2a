import FoundryModel

extension CellMachine {
    /// What the cell says of itself.
    ///
    /// - Returns: nil while a member that ran before this process did has not been checked: until then nothing new can be said of it.
    public func report(cell: CellID, sequence: Int64) -> CellReport? {
        guard let observation else { return nil }
        let members = orders?.members ?? []
        let isUnsure = members.contains { health[$0.id]?.isUnsure == true && containers[$0.id]?.isRunning == true }
        guard !isUnsure else { return nil }
        return CellReport(
            cell: cell, sequence: sequence, ordersRevision: orders?.revision, ordersTerm: orders?.term,
            capacity: observation.capacity, machineID: observation.machineID, bootID: observation.bootID,
            members: members.compactMap(status),
            volumes: volumeStatuses(), session: session, words: words(),
            growsAtRest: observation.growsAtRest, snapshots: snapshotStatuses(), verbs: verbStatuses())
    }

    /// Remembers when each member came into its phase.
    ///
    /// - Parameter members: positions in the orders.
    mutating func notePhases(_ members: [Int], now: Moment) {
        guard let orders else { return }
        for position in members {
            let order = orders.members[position]
            let phase = phase(order, now: now)
            if phases[order.id]?.phase != phase { phases[order.id] = PhaseSince(phase: phase, since: now.wall) }
            let complaint = complaint(order, phase, now: now)
            phases[order.id]?.complaint = complaint
        }
    }

    /// Nothing of a member whose phase was not noted yet: there is none once orders were taken.
    private func status(_ order: MemberOrder) -> MemberStatus? {
        let container = containers[order.id]
        let history = histories[order.id].flatMap { $0.generation == order.generation ? $0 : nil }
        var running: (pid: Int32, startedAt: Timestamp)?
        if case .running(let pid, let startedAt)? = container?.phase { running = (pid, startedAt) }
        return phases[order.id].map { noted in
            MemberStatus(
                id: order.id, generation: container?.generation ?? order.generation, phase: noted.phase,
                since: noted.since, restarts: history?.restarts ?? 0, lastExit: history?.lastExit,
                address: address(slot: order.slot), startedAt: running?.startedAt, pid: running?.pid,
                problem: problem(order), complaint: noted.complaint, replication: replication[order.id],
                limits: container?.limits, engineRole: engineRoles[order.id]?.said)
        }
    }

    func status(_ volume: VolumeObservation) -> VolumeStatus {
        var label: VolumeLabel?
        if case .label(let read) = volume.label { label = read }
        return VolumeStatus(
            id: volume.id, label: label, mounted: volume.isMounted, refusal: refusals[volume.id], used: volume.used,
            promised: pledges.barred[volume.id])
    }

    private func problem(_ order: MemberOrder) -> FoundryError? {
        retries[.member(order.id)]?.problem ?? retries[.slot(order.slot)]?.problem
            ?? order.volume.flatMap { retries[.volume($0)]?.problem }
            ?? (isLinked(order) ? nil : retries[.links]?.problem)
    }

    private func phase(_ order: MemberOrder, now: Moment) -> MemberPhase {
        guard let container = containers[order.id] else { return phaseWithoutContainer(order, now: now) }
        guard shallRun(order), container.generation == order.generation else { return .stopping }
        switch container.phase {
        case .broken, .created: return .preparing
        case .ended: return waiting(order) ?? .preparing
        case .running:
            guard stops[order.id] == nil else { return .stopping }
            switch health[order.id]?.phase {
            case .healthy: return isTuned(order) ? .healthy : .starting
            case .unhealthy: return .unhealthy
            case .unready: return .unready
            case .preparing, .starting, .stopping, .stopped, .waiting, .crashed, .refused, nil: return .starting
            }
        }
    }

    /// Of a process that runs: the words go with its phase.
    private func complaint(_ order: MemberOrder, _ phase: MemberPhase, now: Moment) -> String? {
        guard let mine = health[order.id], mine.phase == phase else { return nil }
        return mine.complaint(order.spec.health, now: now.monotonic)
    }

    private func phaseWithoutContainer(_ order: MemberOrder, now: Moment) -> MemberPhase {
        guard isWanted(order) else { return isCleared(order) ? .stopped : .stopping }
        if isBarred(order), !isCleared(order) { return .stopping }
        if let volume = order.volume, let error = refusals[volume] { return .refused(error) }
        if isHeldBack(order, now: now.wall), let phase = waiting(order) { return phase }
        return .preparing
    }

    private func waiting(_ order: MemberOrder) -> MemberPhase? {
        guard let history = histories[order.id], history.generation == order.generation, let next = history.nextTry
        else { return nil }
        switch RestartRule.verdict(history, limits: limits) {
        case .waiting: return .waiting(nextTry: next)
        case .crashed: return .crashed(nextTry: next)
        }
    }

    private func isCleared(_ order: MemberOrder) -> Bool {
        let isVolumeFree = order.volume.map { volumes[$0]?.isMounted != true && !isBeingHandled($0) } ?? true
        return !rootfs.contains(order.id) && !networks.contains(order.slot) && isVolumeFree
    }
}

extension CellMachine {
    /// Something of its volume's use is on its way. That it is being made keeps nothing of a member.
    private func isBeingHandled(_ volume: VolumeID) -> Bool {
        let effect = inFlight[.volume(volume)]
        if case .cloneVolume? = effect { return false }
        return effect != nil
    }
}

extension ContainerObservation {
    /// It never ran, or its program ended and said that all was well.
    var hasEndedInOrder: Bool {
        switch phase {
        case .created: true
        case .ended(let exit): exit.status == 0
        case .running, .broken: false
        }
    }

    var isRunning: Bool {
        if case .running = phase { return true }
        return false
    }
}
