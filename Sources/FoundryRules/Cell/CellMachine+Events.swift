import FoundryModel

extension CellMachine {
    mutating func take(_ event: CellEvent, now: Moment) -> CellRejection? {
        switch event {
        case .observed(let found):
            guard observation == nil else { return .observedTwice }
            begin(with: found, now: now)
        case .orders(let new):
            if let rejection = follow(new) { return rejection }
        case .done(let effect, let result):
            if let rejection = end(effect) { return rejection }
            retries[CellLane(effect)] = nil
            fold(effect, result, now: now)
        case .failed(let effect, let error):
            if let rejection = end(effect) { return rejection }
            noteFailure(of: effect, error, now: now)
        case .containerChanged(let container):
            guard observation != nil else { return .notObservedYet }
            noteContainer(container, now: now)
        case .probed(let member, let pid, let role, let verdict):
            noteProbe(member, pid: pid, role, verdict, now: now)
        case .session(let held):
            session = held
            if held != nil { hasHeldSession = true }
            dirt.isWhole = true
        case .guardsFired:
            noteLatch()
        case .replicates(let member, let pid, let report):
            guard case .running(pid, _)? = containers[member]?.phase else { return .notRunning(member) }
            replication[member] = report
        case .flushFailed(let member, let pid, let error):
            guard case .running(pid, _)? = containers[member]?.phase else { return .notRunning(member) }
            noteFailedFlush(of: member, error, now: now)
        case .engineRole(let member, let pid, let said): noteEngineRole(member, pid: pid, said, now: now)
        case .drain:
            isDraining = true
            dirt.isWhole = true
        case .tick:
            guard observation != nil else { return .notObservedYet }
            dirt.isWhole = true
        }
        return nil
    }

    /// The lane of an effect that ended is free.
    private mutating func end(_ effect: CellEffect) -> CellRejection? {
        let lane = CellLane(effect)
        guard inFlight[lane] == effect else { return .notInFlight(effect.name) }
        inFlight[lane] = nil
        if case .takeSnapshot(let order) = effect { held.remove(order.volume) }
        mark(lane)
        return nil
    }

    private mutating func begin(with found: CellObservation, now: Moment) {
        observation = found
        volumes = Dictionary(uniqueKeysWithValues: found.volumes.map { ($0.id, $0) })
        snapshots = Dictionary(uniqueKeysWithValues: found.snapshots.map { ($0.id, $0) })
        rootfs = found.rootfs
        networks = found.networks
        histories = found.histories
        guarded = found.guarded
        latch.isOn = found.isLatched
        pledges.begin(with: found.promises)
        links = CellLinks(found.links)
        worn = Set(found.volumes.filter(\.isMounted).map(\.id))
        for container in found.containers { noteContainer(container, now: now, adopted: true) }
        dirt.isWhole = true
    }

    /// Orders of an older controller, or older orders of the same one, are refused.
    private mutating func follow(_ new: CellOrders) -> CellRejection? {
        if let orders, !Planted.has(.olderOrdersFollowed) {
            if new.term < orders.term { return .termOlder(has: orders.term, got: new.term) }
            if new.term == orders.term, new.revision < orders.revision {
                return .ordersOlder(has: orders.revision, got: new.revision)
            }
        }
        let next = CellOrderIndex(new)
        for volume in refusals.keys where isJudgedAnew(volume, new, next) {
            refusals[volume] = nil
            unread.insert(volume)
        }
        forgetSnapshotRetries(before: new)
        forgetMakingRetries(before: new)
        forgetVerbs(before: new)
        deferredBefore = deferredVolumes()
        orders = new
        index = next
        let barred = pledges.barred
        pledges.follow(new.fences)
        // A fence that was lifted before anything was promised refuses nothing any more.
        for volume in refusals.keys where pledges.barred[volume] != barred[volume] { refusals[volume] = nil }
        wakes.probe = .stale
        dirt.isWhole = true
        return nil
    }

    /// A refused volume is looked at again when it is ordered otherwise, or when its member is to begin anew.
    private func isJudgedAnew(_ volume: VolumeID, _ new: CellOrders, _ next: CellOrderIndex) -> Bool {
        guard let order = next.volumes[volume].map({ new.volumes[$0] }) else { return false }
        let generation = next.users[volume].map { new.members[$0].generation }
        return order != self.order(of: volume) || generation != user(of: volume)?.generation
    }

    /// A volume whose data turned out to be gone or damaged must not serve; anything else is tried again.
    private mutating func noteFailure(of effect: CellEffect, _ error: FoundryError, now: Moment) {
        if case .unlatch = effect { latch.keep() }
        if case .mountVolume(let volume) = effect, VolumeRule.isVerdictOnData(error.code) {
            refusals[volume] = error
        } else if case .runVerb(let verb) = effect {
            guard isOrdered(verb) else { return }
            retries[CellLane(effect), default: CellRetry()].note(
                error, longest: Self.longestVerbPause, now: now.monotonic)
        } else {
            retries[CellLane(effect), default: CellRetry()].note(error, now: now.monotonic)
        }
    }

    private mutating func fold(_ effect: CellEffect, _ result: CellEffectResult, now: Moment) {
        if case .createContainer(let order) = effect { noteCreated(order) }
        if case .volume(let volume) = result { volumes[volume.id] = volume }
        if case .snapshot(let snapshot) = result { snapshots[snapshot.id] = snapshot }
        if case .container(let container) = result { noteContainer(container, now: now) }
        switch effect {
        case .unpackImage(_, let image):
            // Other members may have waited for it.
            if unpacked.insert(image.manifestDigest).inserted { dirt.isWhole = true }
        case .readVolume(let volume):
            unread.remove(volume)
            if result == .done { volumes[volume] = nil }
        case .deleteVolume(let volume):
            volumes[volume] = nil
            refusals[volume] = nil
        case .deleteSnapshot(let snapshot): snapshots[snapshot] = nil
        case .createNetwork(_, let slot):
            networks.insert(slot)
            wholeNetworks.insert(slot)
        case .removeNetwork(let slot):
            networks.remove(slot)
            wholeNetworks.remove(slot)
        case .mountRootfs(let member, _):
            rootfs.insert(member)
            freshRootfs.insert(member)
        case .unmountRootfs(let member):
            rootfs.remove(member)
            freshRootfs.remove(member)
        case .stopContainer(let member, _): stops[member, default: ContainerStop()].signalledAt = now.monotonic
        case .killContainer(let member): stops[member]?.killedAt = now.monotonic
        case .deleteContainer(let member): forgetContainer(member)
        case .writeHistory(let member, let written):
            if histories[member] == written { unwritten.remove(member) }
        case .forgetMember(let member):
            histories[member] = nil
            phases[member] = nil
            unwritten.remove(member)
        case .guardMember(let member): noteGuarded(member)
        case .unguardMember(let member): guarded.remove(member)
        case .wireMember(let order): wires[order.id] = MemberWiring(order)
        case .linkNetwork(let now): links.keep(now)
        case .writeHosts(let order): noteHosts(order)
        case .runVerb(let verb): if isOrdered(verb) { verbsDone[verb.id] = verb }
        case .promise(let fence, let written): pledges.keep(fence, written)
        case .unlatch: latch.lift()
        case .unmountVolume(let volume): worn.remove(volume)
        case .createVolume, .cloneVolume, .mountVolume, .takeVolume, .tuneVolume, .growVolume, .sealVolume,
            .takeSnapshot,
            .startContainer,
            .createContainer, .limitContainer:
            break
        }
    }

    private mutating func forgetContainer(_ member: MemberID) {
        if containers[member]?.hasEndedInOrder == false, let position = index.members[member],
            let volume = orders?.members[position].volume
        {
            worn.insert(volume)
        }
        containers[member] = nil
        stops[member] = nil
        health[member] = nil
        guarded.remove(member)
        wires[member] = nil
        briefs[member] = nil
        engineRoles[member] = nil
        replication[member] = nil
        wakes.probe = .stale
    }
}
