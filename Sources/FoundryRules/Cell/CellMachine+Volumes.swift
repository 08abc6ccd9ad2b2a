import FoundryModel

extension CellMachine {
    /// The next effect that makes a volume ready for a member that shall run.
    func servingStep(_ member: MemberOrder, now: Moment) -> CellEffect? {
        guard shallRun(member), let id = member.volume, refusals[id] == nil, isFree(.volume(id), now: now),
            let order = order(of: id), order.purpose.member == member.id, let machineID = observation?.machineID
        else { return nil }
        if unread.contains(id) { return .readVolume(id) }
        switch verdict(order) {
        case .refuse, .awaitGrant: return nil
        case .create:
            // The owner of its directories is looked up in the image.
            return unpacked.contains(member.spec.image.manifestDigest)
                ? .createVolume(order, image: member.spec.image, machineID: machineID) : nil
        case .accept: return volumes[id].flatMap { acceptedStep($0, order, member, machineID) }
        }
    }

    private func acceptedStep(
        _ volume: VolumeObservation, _ order: VolumeOrder, _ member: MemberOrder, _ machineID: String
    ) -> CellEffect? {
        guard let inner = volume.inner else { return .mountVolume(volume.id) }
        if isWorn(volume.id, member) { return .unmountVolume(volume.id) }
        if isLabelled(volume, for: order) { return tuningStep(volume, member) ?? growthStep(volume, order, member) }
        guard case .label(let outer) = volume.label,
            VolumeRule.decideInside(order, outer: outer, inner: inner) == .accept, mayRelabel(member, outer)
        else { return nil }
        return .takeVolume(VolumeRule.label(outer, for: order, machineID: machineID))
    }

    /// The volume is mounted, labelled on both sides as the order has it, and nothing is being done to it.
    func isServing(_ id: VolumeID, _ member: MemberOrder) -> Bool {
        guard let order = order(of: id), order.purpose.member == member.id, let volume = volumes[id] else {
            return false
        }
        let isReady = inFlight[.volume(id)] == nil && !isWorn(id, member) && isLabelled(volume, for: order)
        return isReady || isUsedTooEarly(id)
    }

    private func isWorn(_ id: VolumeID, _ member: MemberOrder) -> Bool {
        worn.contains(id) && containers[member.id] == nil && !isCreating(member.id)
    }

    /// A label is written while nothing writes to the data; only a replica goes on from one epoch that it follows to the next.
    private func mayRelabel(_ member: MemberOrder, _ outer: VolumeLabel) -> Bool {
        guard let container = containers[member.id] else { return !isCreating(member.id) }
        return member.role == .replica && outer.role == .replica && container.generation == member.generation
    }

    private func isLabelled(_ volume: VolumeObservation, for order: VolumeOrder) -> Bool {
        guard case .label(let outer) = volume.label, case .label(let inner)? = volume.inner,
            let machineID = observation?.machineID
        else { return false }
        return outer == VolumeRule.label(outer, for: order, machineID: machineID) && inner.epoch == order.epoch
            && inner.lineage == order.lineage && inner.branch == order.branch && inner.role == outer.role
    }

    /// Two mistakes that are planted: the label's write is not waited for, and a replica starts to write before it was relabelled.
    func isUsedTooEarly(_ id: VolumeID) -> Bool {
        if Planted.has(.epochNotSyncedBeforeUse), case .takeVolume? = inFlight[.volume(id)] { return true }
        guard Planted.has(.replicaRelabelledTooLate), case .promote? = order(of: id)?.purpose else { return false }
        return volumes[id]?.isMounted == true
    }

    private func verdict(_ order: VolumeOrder) -> VolumeRule.Verdict {
        guard let site else { return .awaitGrant }
        return VolumeRule.decide(
            order, observation: volumes[order.id], promised: pledges.barred[order.id], site: site)
    }

    private var site: VolumeSite? {
        observation.map { VolumeSite(machineID: $0.machineID, homeMachineID: $0.homeMachineID) }
    }

    /// Why a volume must not serve; nil when nothing speaks against it.
    func refusal(_ member: MemberOrder) -> FoundryError? {
        guard isWanted(member), let id = member.volume, containers[member.id] == nil,
            !unread.contains(id) || isBarred(member), let order = order(of: id), order.purpose.member == member.id
        else { return nil }
        if case .refuse(let error) = verdict(order) { return error }
        guard let volume = volumes[id], case .label(let outer) = volume.label, let inner = volume.inner else {
            return nil
        }
        if case .refuse(let error) = VolumeRule.decideInside(order, outer: outer, inner: inner) { return error }
        return nil
    }

    /// Lets go of volumes that serve nobody now.
    func volumeSteps(_ ids: [VolumeID], now: Moment) -> [CellEffect] {
        guard !ids.isEmpty, !hasStrangers else { return [] }
        return ids.compactMap { id in
            guard let volume = volumes[id], !isUsed(id), isFree(.volume(id), now: now) else { return nil }
            if volume.isMounted { return .unmountVolume(id) }
            return order(of: id).flatMap { restingStep(volume, $0) }
        }
    }

    private func restingStep(_ volume: VolumeObservation, _ order: VolumeOrder) -> CellEffect? {
        guard case .label(var label) = volume.label, label.volume == order.id, label.lineage == order.lineage,
            let site, !site.isCopy
        else { return nil }
        let isBarred = pledges.barred[order.id].map { label.epoch <= $0 } ?? false
        switch order.purpose {
        case .make: return nil
        case .delete: return isDraining ? nil : .deleteVolume(volume.id)
        case .serve, .promote, .follow, .keep:
            guard order.purpose == .keep || isDraining || isBarred else { return nil }
            guard canSeal(label), label.epoch == order.epoch || isBarred else { return nil }
            label.sealed = true
            return .sealVolume(label)
        }
    }

    /// A member needs it that shall run, or has a container, which may write to it.
    private func isUsed(_ id: VolumeID) -> Bool {
        guard let member = user(of: id) else { return false }
        return containers[member.id] != nil || isCreating(member.id)
            || shallRun(member) && order(of: id)?.purpose.member == member.id && refusals[id] == nil
    }

    func isCreating(_ member: MemberID) -> Bool {
        if case .createContainer? = inFlight[.member(member)] { return true }
        return false
    }
}

extension VolumePurpose {
    /// For whom it is made ready; nil: for nobody.
    var member: MemberID? {
        switch self {
        case .serve(let member, _, _), .promote(let member, _), .follow(let member, _): member
        case .make, .keep, .delete: nil
        }
    }
}
