import FoundryModel

extension CellMachine {
    /// The next effect that makes a volume ready for a member that shall run.
    func servingStep(_ member: MemberOrder, now: Moment) -> CellEffect? {
        guard shallRun(member), let id = member.volume, refusals[id] == nil, isFree(.volume(id), now: now),
            let order = order(of: id),
            case .serve(member.id, let sealedAt, let mayCreate) = order.purpose, let machineID = observation?.machineID
        else { return nil }
        let verdict = VolumeRule.decide(
            order, sealedAt: sealedAt, mayCreate: mayCreate, observation: volumes[id], machineID: machineID)
        switch verdict {
        case .refuse, .awaitGrant: return nil
        case .create:
            // The owner of its directories is looked up in the image.
            return unpacked.contains(member.spec.image.manifestDigest)
                ? .createVolume(order, image: member.spec.image, machineID: machineID) : nil
        case .accept:
            guard let volume = volumes[id], case .label(let outer) = volume.label else { return nil }
            guard let inner = volume.inner else { return .mountVolume(id) }
            guard VolumeRule.decideInside(order, outer: outer, inner: inner) == .accept else { return nil }
            return isServing(id, member) ? nil : .takeVolume(heldLabel(outer, order, machineID))
        }
    }

    /// The volume is mounted, labelled on both sides as held under the order's epoch, and nothing is being done to it.
    func isServing(_ id: VolumeID, _ member: MemberOrder) -> Bool {
        guard inFlight[.volume(id)] == nil, let order = order(of: id), case .serve(member.id, _, _) = order.purpose,
            let volume = volumes[id],
            case .label(let outer) = volume.label, case .label(let inner)? = volume.inner,
            let machineID = observation?.machineID
        else { return false }
        let held = heldLabel(outer, order, machineID)
        return outer == held && inner.epoch == order.epoch && inner.lineage == order.lineage
            && inner.branch == order.branch
    }

    /// Why a volume must not serve; nil when nothing speaks against it.
    func refusal(_ member: MemberOrder) -> FoundryError? {
        guard shallRun(member), let id = member.volume, containers[member.id] == nil, let order = order(of: id),
            case .serve(member.id, let sealedAt, let mayCreate) = order.purpose, let machineID = observation?.machineID
        else { return nil }
        let outside = VolumeRule.decide(
            order, sealedAt: sealedAt, mayCreate: mayCreate, observation: volumes[id], machineID: machineID)
        if case .refuse(let error) = outside { return error }
        guard let volume = volumes[id], case .label(let outer) = volume.label, let inner = volume.inner else {
            return nil
        }
        if case .refuse(let error) = VolumeRule.decideInside(order, outer: outer, inner: inner) { return error }
        return nil
    }

    /// Lets go of volumes that serve nobody now.
    func volumeSteps(now: Moment) -> [CellEffect] {
        guard let used = volumesInUse() else { return [] }
        return volumes.values.filter { !used.contains($0.id) }.sorted { $0.id < $1.id }.compactMap { volume in
            guard isFree(.volume(volume.id), now: now) else { return nil }
            if volume.isMounted { return .unmountVolume(volume.id) }
            return order(of: volume.id).flatMap { restingStep(volume, $0) }
        }
    }

    private func restingStep(_ volume: VolumeObservation, _ order: VolumeOrder) -> CellEffect? {
        guard case .label(var label) = volume.label, label.volume == order.id, label.lineage == order.lineage else {
            return nil
        }
        switch order.purpose {
        case .delete: return isDraining ? nil : .deleteVolume(volume.id)
        case .serve where !isDraining, .promote where !isDraining, .follow where !isDraining: return nil
        case .serve, .promote, .follow, .keep:
            guard !label.sealed, label.epoch == order.epoch, label.machineID == observation?.machineID else {
                return nil
            }
            label.sealed = true
            return .sealVolume(label)
        }
    }

    /// Those that a member needs that shall run, and those that a container which exists may write to.
    ///
    /// - Returns: nil when it may be any: a container exists that nobody ordered.
    private func volumesInUse() -> Set<VolumeID>? {
        let ordered = orders?.members ?? []
        guard Set(containers.keys).isSubset(of: ordered.map(\.id)) else { return nil }
        let used = ordered.compactMap { member -> VolumeID? in
            guard let volume = member.volume else { return nil }
            let isUsed =
                containers[member.id] != nil || isBusy(member.id) || (wants(member, volume) && refusals[volume] == nil)
            return isUsed ? volume : nil
        }
        return Set(used)
    }

    private func isBusy(_ member: MemberID) -> Bool {
        if case .createContainer? = inFlight[.member(member)] { return true }
        return false
    }

    private func wants(_ member: MemberOrder, _ volume: VolumeID) -> Bool {
        guard shallRun(member), case .serve(member.id, _, _)? = order(of: volume)?.purpose else { return false }
        return true
    }

    private func heldLabel(_ outer: VolumeLabel, _ order: VolumeOrder, _ machineID: String) -> VolumeLabel {
        var label = outer
        label.epoch = order.epoch
        label.sealed = false
        label.machineID = machineID
        return label
    }
}
