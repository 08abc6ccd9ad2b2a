import FoundryModel

extension CellMachine {
    /// How long a member may take to end after its stop signal.
    static let stopGraceMilliseconds: Int64 = 30_000
    /// After SIGKILL, before it is sent again.
    static let killAgainMilliseconds: Int64 = 2_000

    /// - Parameter members: positions in the orders of those that may have something new to do, ascending.
    func plan(_ members: [Int], now: Moment) -> [CellEffect] {
        guard observation != nil, let orders else {
            return isDraining && observation != nil ? planWithoutOrders(now: now) : []
        }
        var effects: [CellEffect] = []
        for position in members {
            let order = orders.members[position]
            if let effect = memberStep(order, now: now) { effects.append(effect) }
            if let effect = servingStep(order, now: now) { effects.append(effect) }
        }
        if dirt.isWhole {
            effects += leftoverSteps(now: now) + volumeSteps(volumes.keys.sorted(), now: now)
        } else {
            effects += volumeSteps(members.compactMap { orders.members[$0].volume } + dirt.volumes, now: now)
        }
        effects += promiseSteps(now: now) + makingSteps(now: now)
        effects += snapshotSteps(beside: effects, now: now)
        if let effect = linkStep(now: now) { effects.append(effect) }
        effects += verbSteps(now: now)
        if let effect = latchStep(now: now) { effects.append(effect) }
        return effects
    }

    /// Going down before any orders came: what runs is stopped, nothing is forgotten.
    private func planWithoutOrders(now: Moment) -> [CellEffect] {
        leftoverSteps(now: now) + volumeSteps(volumes.keys.sorted(), now: now)
    }

    func isFree(_ lane: CellLane, now: Moment) -> Bool {
        if case .volume(let volume) = lane, held.contains(volume) { return false }
        return inFlight[lane] == nil && (retries.isEmpty || retries[lane].map { now.monotonic >= $0.notBefore } ?? true)
    }

    func shallRun(_ order: MemberOrder) -> Bool { isWanted(order) && !isBarred(order) }

    func isWanted(_ order: MemberOrder) -> Bool { order.run && !isDraining }

    /// The next effect in the member's own lane.
    private func memberStep(_ order: MemberOrder, now: Moment) -> CellEffect? {
        guard isFree(.member(order.id), now: now) else { return nil }
        if !unwritten.isEmpty, unwritten.contains(order.id), let history = histories[order.id] {
            return .writeHistory(order.id, history)
        }
        guard let container = containers[order.id] else {
            return shallRun(order) ? preparation(order, now: now) : clearance(order.id, slot: order.slot, now: now)
        }
        guard !isHeld(order.id) else { return nil }
        let mayGoOn = shallRun(order) && container.generation == order.generation && stops[order.id] == nil
        switch container.phase {
        case .broken, .ended: return .deleteContainer(order.id)
        case .created:
            // It was made knowing others than are there now, and nobody can tell it before it runs.
            guard mayGoOn, isWired(order), isBriefed(order) else { return .deleteContainer(order.id) }
            return guardStep(order) ?? start(order)
        case .running:
            return mayGoOn
                ? guardStep(order) ?? wireStep(order) ?? hostsStep(order) ?? limitStep(container, order)
                : end(order.id, signal: order.spec.image.configuration.stopSignal, now: now)
        }
    }

    /// A process starts only on data that the control plane knows to exist and to be taken: otherwise a volume that is lost later could be made anew,
    /// empty, and an older copy of it could be taken for it. A replica writes no history of its own.
    private func start(_ order: MemberOrder) -> CellEffect? {
        guard mayBegin(order) else { return nil }
        guard let volume = order.volume else { return .startContainer(order.id) }
        guard let ordered = self.order(of: volume), isServing(volume, order), isRecorded(ordered), isTuned(order) else {
            return nil
        }
        return .startContainer(order.id)
    }

    private func isRecorded(_ order: VolumeOrder) -> Bool {
        switch order.purpose {
        case .serve(_, let sealedAt, let mayCreate): sealedAt == order.epoch && !mayCreate || isUsedTooEarly(order.id)
        case .follow: true
        case .promote, .make, .keep, .delete: isUsedTooEarly(order.id)
        }
    }

    /// From nothing to a container that waits for its start.
    private func preparation(_ order: MemberOrder, now: Moment) -> CellEffect? {
        if let volume = order.volume, refusals[volume] != nil { return clearance(order.id, slot: order.slot, now: now) }
        if rootfs.contains(order.id), !freshRootfs.contains(order.id) { return .unmountRootfs(order.id) }
        if isHeldBack(order, now: now.wall) { return nil }
        if !unpacked.contains(order.spec.image.manifestDigest) { return .unpackImage(order.id, order.spec.image) }
        if !wholeNetworks.contains(order.slot) || inFlight[.slot(order.slot)] != nil {
            return isFree(.slot(order.slot), now: now) ? .createNetwork(order.id, slot: order.slot) : nil
        }
        if !rootfs.contains(order.id) { return .mountRootfs(order.id, order.spec.image) }
        if let volume = order.volume, !isServing(volume, order) { return nil }
        return mayBegin(order) && !awaitsGrowth(order) && isLinked(order) ? .createContainer(order) : nil
    }

    /// From what a container left to nothing; its volume is let go of by the volume's own lane.
    private func clearance(_ member: MemberID, slot: Int?, now: Moment) -> CellEffect? {
        if rootfs.contains(member) { return .unmountRootfs(member) }
        if let slot, networks.contains(slot), isFree(.slot(slot), now: now) { return .removeNetwork(slot: slot) }
        return nil
    }

    private func end(_ member: MemberID, signal: String, now: Moment) -> CellEffect? {
        guard let stop = stops[member], stop.isByGuards || stop.signalledAt != nil else {
            return .stopContainer(member, signal: signal)
        }
        return stop.killDue.map { now.monotonic >= $0 } ?? true ? .killContainer(member) : nil
    }

    /// What no order names is stopped and kept; only its traces of running go.
    private func leftoverSteps(now: Moment) -> [CellEffect] {
        if Planted.has(.orphanLeft) { return [] }
        let known = Set(containers.keys).union(rootfs).union(histories.keys).filter { index.members[$0] == nil }
        let steps = known.sorted().compactMap { member in leftoverStep(member, now: now) }
        return steps + orphanNetworks(now: now)
    }

    private func leftoverStep(_ member: MemberID, now: Moment) -> CellEffect? {
        guard isFree(.member(member), now: now), !isHeld(member) else { return nil }
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
        guard !hasStrangers else { return [] }
        return networks.filter { index.slots[$0] == nil && isFree(.slot($0), now: now) }.sorted().map {
            .removeNetwork(slot: $0)
        }
    }
}
