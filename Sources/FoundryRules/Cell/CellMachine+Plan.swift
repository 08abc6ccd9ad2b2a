import FoundryModel

extension CellMachine {
    /// How long a member may take to end after its stop signal.
    static let stopGraceMilliseconds: Int64 = 30_000
    /// After SIGKILL, before it is sent again.
    static let killAgainMilliseconds: Int64 = 2_000

    func plan(now: Moment) -> [CellEffect] {
        guard observation != nil, let orders else {
            return isDraining && observation != nil ? planWithoutOrders(now: now) : []
        }
        var effects: [CellEffect] = []
        for order in orders.members {
            if let effect = memberStep(order, now: now) { effects.append(effect) }
            if let effect = servingStep(order, now: now) { effects.append(effect) }
        }
        return effects + leftoverSteps(ordered: Set(orders.members.map(\.id)), now: now) + volumeSteps(now: now)
    }

    /// Going down before any orders came: what runs is stopped, nothing is forgotten.
    private func planWithoutOrders(now: Moment) -> [CellEffect] {
        leftoverSteps(ordered: [], now: now) + volumeSteps(now: now)
    }

    func isFree(_ lane: CellLane, now: Moment) -> Bool {
        inFlight[lane] == nil && retries[lane].map { now.monotonic >= $0.notBefore } ?? true
    }

    func shallRun(_ order: MemberOrder) -> Bool { order.run && !isDraining }

    func order(of volume: VolumeID) -> VolumeOrder? { orders?.volumes.first { $0.id == volume } }

    /// The next effect in the member's own lane.
    private func memberStep(_ order: MemberOrder, now: Moment) -> CellEffect? {
        guard isFree(.member(order.id), now: now) else { return nil }
        if unwritten.contains(order.id), let history = histories[order.id] { return .writeHistory(order.id, history) }
        guard let container = containers[order.id] else {
            return shallRun(order) ? preparation(order, now: now) : clearance(order.id, slot: order.slot, now: now)
        }
        let isCurrent = shallRun(order) && container.generation == order.generation
        switch container.phase {
        case .broken, .ended: return .deleteContainer(order.id)
        case .created: return isCurrent ? start(order) : .deleteContainer(order.id)
        case .running:
            return isCurrent && stops[order.id] == nil
                ? nil : end(order.id, signal: order.spec.image.configuration.stopSignal, now: now)
        }
    }

    /// A process starts only on data that the control plane knows to exist and to be taken: otherwise a volume that is lost later could be made anew,
    /// empty, and an older copy of it could be taken for it.
    private func start(_ order: MemberOrder) -> CellEffect? {
        guard let volume = order.volume else { return .startContainer(order.id) }
        guard let ordered = self.order(of: volume), case .serve(_, ordered.epoch, mayCreate: false) = ordered.purpose,
            isServing(volume, order)
        else { return nil }
        return .startContainer(order.id)
    }

    /// From nothing to a container that waits for its start.
    private func preparation(_ order: MemberOrder, now: Moment) -> CellEffect? {
        if let volume = order.volume, refusals[volume] != nil { return clearance(order.id, slot: order.slot, now: now) }
        if rootfs.contains(order.id), !freshRootfs.contains(order.id) { return .unmountRootfs(order.id) }
        if let next = nextTry(of: order), now.wall < next { return nil }
        if !unpacked.contains(order.spec.image.manifestDigest) { return .unpackImage(order.id, order.spec.image) }
        if !wholeNetworks.contains(order.slot) || inFlight[.slot(order.slot)] != nil {
            return isFree(.slot(order.slot), now: now) ? .createNetwork(order.id, slot: order.slot) : nil
        }
        if !rootfs.contains(order.id) { return .mountRootfs(order.id, order.spec.image) }
        if let volume = order.volume, !isServing(volume, order) { return nil }
        return .createContainer(order)
    }

    /// From what a container left to nothing; its volume is let go of by the volume's own lane.
    private func clearance(_ member: MemberID, slot: Int?, now: Moment) -> CellEffect? {
        if rootfs.contains(member) { return .unmountRootfs(member) }
        if let slot, networks.contains(slot), isFree(.slot(slot), now: now) { return .removeNetwork(slot: slot) }
        return nil
    }

    private func end(_ member: MemberID, signal: String, now: Moment) -> CellEffect? {
        guard let stop = stops[member], let signalled = stop.signalledAt else {
            return .stopContainer(member, signal: signal)
        }
        guard now.monotonic - signalled >= Self.stopGraceMilliseconds else { return nil }
        if let killed = stop.killedAt, now.monotonic - killed < Self.killAgainMilliseconds { return nil }
        return .killContainer(member)
    }

    /// What no order names is stopped and kept; only its traces of running go.
    private func leftoverSteps(ordered: Set<MemberID>, now: Moment) -> [CellEffect] {
        let known = Set(containers.keys).union(rootfs).union(histories.keys).subtracting(ordered).sorted()
        let steps = known.compactMap { member in leftoverStep(member, now: now) }
        return steps + orphanNetworks(now: now)
    }

    private func leftoverStep(_ member: MemberID, now: Moment) -> CellEffect? {
        guard isFree(.member(member), now: now) else { return nil }
        switch containers[member]?.phase {
        case .running: return end(member, signal: "SIGTERM", now: now)
        case .broken, .created, .ended: return .deleteContainer(member)
        case nil: break
        }
        if let step = clearance(member, slot: nil, now: now) { return step }
        return orders != nil && histories[member] != nil && !isDraining ? .forgetMember(member) : nil
    }

    /// Networks of slots that no ordered member has. While anything runs that nobody ordered, its network cannot be told apart, and stays.
    private func orphanNetworks(now: Moment) -> [CellEffect] {
        let ordered = Set(orders?.members.map(\.slot) ?? [])
        let members = Set(orders?.members.map(\.id) ?? [])
        guard containers.keys.allSatisfy(members.contains) else { return [] }
        return networks.subtracting(ordered).sorted().filter { isFree(.slot($0), now: now) }.map {
            .removeNetwork(slot: $0)
        }
    }
}
