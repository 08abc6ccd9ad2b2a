import FoundryModel

/// Snapshots of volumes: taken beside whatever the volume's member does, and deleted by order only.
extension CellMachine {
    /// - Parameter planned: what was decided in the same pass; a volume to which something is done now rests before a snapshot of it is taken.
    func snapshotSteps(beside planned: [CellEffect], now: Moment) -> [CellEffect] {
        guard let ordered = orders?.snapshots, !ordered.isEmpty, !isDraining, let observation,
            !VolumeSite(machineID: observation.machineID, homeMachineID: observation.homeMachineID).isCopy
        else { return [] }
        let lanes = planned.map { CellLane($0) }
        var resting: Set<VolumeID> = []
        return ordered.compactMap { order in
            guard isFree(.snapshot(order.id), now: now) else { return nil }
            switch order.purpose {
            case .keep: return nil
            case .take:
                let lane = CellLane.volume(order.volume)
                guard snapshots[order.id] == nil, inFlight[lane] == nil, !held.contains(order.volume),
                    !lanes.contains(lane), resting.insert(order.volume).inserted
                else { return nil }
                return .takeSnapshot(order)
            case .delete:
                let isLeft = snapshots[order.id] == nil || refusal(order) != nil || isBeingCopied(order.id)
                return isLeft ? nil : .deleteSnapshot(order.id)
            }
        }
    }

    /// Every snapshot on the pool, and every one that is being made, or cannot be.
    func snapshotStatuses() -> [SnapshotStatus] {
        var statuses: [SnapshotID: SnapshotStatus] = [:]
        for snapshot in snapshots.values {
            statuses[snapshot.id] = SnapshotStatus(id: snapshot.id, label: snapshot.label)
        }
        for order in orders?.snapshots ?? [] {
            let lane = CellLane.snapshot(order.id)
            // Of one that shall go, and of which there is nothing, nothing is told.
            let isOver = order.purpose == .delete && snapshots[order.id] == nil
            let problem = isOver ? nil : refusal(order) ?? retries[lane]?.problem
            guard problem != nil || inFlight[lane] != nil else { continue }
            statuses[order.id, default: SnapshotStatus(id: order.id, label: nil)].problem = problem
        }
        // One whose order is gone meanwhile.
        for case .takeSnapshot(let order) in inFlight.values where statuses[order.id] == nil {
            statuses[order.id] = SnapshotStatus(id: order.id, label: nil)
        }
        return statuses.values.sorted { $0.id < $1.id }
    }

    /// What failed under another order says nothing of this one.
    mutating func forgetSnapshotRetries(before next: CellOrders) {
        let same = Set(orders?.snapshots ?? []).intersection(next.snapshots).map { CellLane.snapshot($0.id) }
        for lane in retries.keys {
            if case .snapshot = lane, !same.contains(lane) { retries[lane] = nil }
        }
    }

    /// Why what lies there is not the one that is ordered.
    private func refusal(_ order: SnapshotOrder) -> FoundryError? {
        guard let found = snapshots[order.id] else { return nil }
        if let label = found.label, label.snapshot == order.id, label.source.volume == order.volume,
            label.source.lineage == order.lineage
        {
            return nil
        }
        return FoundryError(
            .snapshotForeign,
            "The label of snapshot \(order.id.short) cannot be read, or is not the one that is meant; it is left as it is.",
            hint: "foundry snapshots")
    }
}
