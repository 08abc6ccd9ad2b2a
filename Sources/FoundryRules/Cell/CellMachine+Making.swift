import FoundryModel

/// Volumes that are made from snapshots, before any member has them.
extension CellMachine {
    func makingSteps(now: Moment) -> [CellEffect] {
        guard !index.made.isEmpty, !isDraining, let orders, let observation,
            !VolumeSite(machineID: observation.machineID, homeMachineID: observation.homeMachineID).isCopy
        else { return [] }
        return index.made.compactMap { position in
            let order = orders.volumes[position]
            guard case .make(let snapshot) = order.purpose, volumes[order.id] == nil,
                isFree(.volume(order.id), now: now), inFlight[.snapshot(snapshot)] == nil
            else { return nil }
            return .cloneVolume(order, from: snapshot, machineID: observation.machineID)
        }
    }

    /// Something is being made from the snapshot.
    func isBeingCopied(_ snapshot: SnapshotID) -> Bool {
        inFlight.values.contains { effect in
            if case .cloneVolume(_, from: snapshot, _) = effect { return true }
            return false
        }
    }

    /// Every volume on the pool, every one that is being made from a snapshot, or cannot be, and every one that may still come to be though nobody wants it.
    func volumeStatuses() -> [VolumeStatus] {
        var statuses = volumes.values.map(status)
        var absent: Set<VolumeID> = []
        for position in index.made {
            guard let id = orders?.volumes[position].id, volumes[id] == nil else { continue }
            if retries[.volume(id)]?.problem != nil || inFlight[.volume(id)] != nil { absent.insert(id) }
        }
        // Until it is done it may come to be, whatever is ordered meanwhile.
        for effect in inFlight.values {
            switch effect {
            case .cloneVolume(let order, _, _) where volumes[order.id] == nil:
                absent.insert(order.id)
            // Of one whose member is to have it, the member's phase says that it is being made.
            case .createVolume(let order, _, _)
            where volumes[order.id] == nil && self.order(of: order.id)?.purpose.member == nil:
                absent.insert(order.id)
            default: break
            }
        }
        statuses += absent.map { id in
            VolumeStatus(
                id: id, label: nil, mounted: false, refusal: nil, used: nil, problem: retries[.volume(id)]?.problem)
        }
        return statuses.sorted { $0.id < $1.id }
    }

    /// What failed is not told once it is not to be made any more.
    mutating func forgetMakingRetries(before next: CellOrders) {
        guard !index.made.isEmpty, let orders else { return }
        let same = Set(next.volumes)
        for position in index.made where !same.contains(orders.volumes[position]) {
            retries[.volume(orders.volumes[position].id)] = nil
        }
    }
}
