import FoundryModel

extension CellMachine {
    /// A fence asked that the member's volume is not started at this epoch, or was promised it: it ends, and stays ended until a newer epoch is granted.
    func isBarred(_ order: MemberOrder) -> Bool {
        guard !pledges.barred.isEmpty, let volume = order.volume, let barred = pledges.barred[volume] else {
            return false
        }
        return self.order(of: volume).map { $0.epoch <= barred } ?? true
    }

    /// What can be said to a fence now: of each volume that nothing can write to any more, up to the epoch that was asked for.
    func answer(to fence: FenceOrder) -> [VolumePromise] {
        guard observation != nil, !hasStrangers else { return [] }
        return fence.promises.filter { isOver($0.volume, at: $0.epoch) }
    }

    /// Writes down what can be promised and is not on the disk yet. What was promised once stays promised.
    func promiseSteps(now: Moment) -> [CellEffect] {
        guard let orders, !orders.fences.isEmpty, observation?.incarnation != nil else { return [] }
        return orders.fences.compactMap { fence in
            guard isFree(.fence(fence.fence), now: now) else { return nil }
            let written = pledges.kept[fence.fence] ?? []
            let all = Self.union(written, answer(to: fence))
            return all == written ? nil : .promise(fence.fence, all)
        }
    }

    /// What was promised to the fences that ask for it now, as far as it is on the disk.
    func words() -> [FenceWord] {
        guard let incarnation = observation?.incarnation, let fences = orders?.fences, !fences.isEmpty else {
            return []
        }
        return fences.compactMap { fence in
            let promises =
                Planted.has(.confirmedWithoutSyncedPromise) ? answer(to: fence) : pledges.kept[fence.fence] ?? []
            return promises.isEmpty
                ? nil : FenceWord(fence: fence.fence, incarnation: incarnation, promises: promises)
        }
    }

    /// Its writer is gone, and its file system let go of; sealed where that can be. A label beyond the epoch was written by a grant that the fence does
    /// not know of: about that nothing is promised.
    private func isOver(_ id: VolumeID, at epoch: Epoch) -> Bool {
        guard inFlight[.volume(id)] == nil else { return false }
        if Planted.has(.wordBeforeEnd) { return true }
        if let user = user(of: id), containers[user.id] != nil || isCreating(user.id) { return false }
        guard let volume = volumes[id] else { return true }
        guard case .label(let label) = volume.label else { return !volume.isMounted }
        guard label.epoch <= epoch else { return false }
        let isStuck = retries[.volume(id)] != nil
        if volume.isMounted { return isStuck }
        return !canSeal(label) || isStuck
    }

    /// Only the writer's own machine can tell that it wrote its last.
    func canSeal(_ label: VolumeLabel) -> Bool {
        !label.sealed && label.role == .holder && label.machineID == observation?.machineID
    }

    private static func union(_ left: [VolumePromise], _ right: [VolumePromise]) -> [VolumePromise] {
        var epochs: [VolumeID: Epoch] = [:]
        for promise in left + right { epochs[promise.volume] = max(epochs[promise.volume] ?? .none, promise.epoch) }
        return epochs.map { VolumePromise(volume: $0.key, epoch: $0.value) }.sorted { $0.volume < $1.volume }
    }
}
