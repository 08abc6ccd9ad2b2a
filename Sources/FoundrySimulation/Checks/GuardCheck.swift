import FoundryModel
import FoundryRules

/// What expiry frees must be stopped when the session has expired; and guards stop nothing that they do not guard.
struct GuardCheck {
    init() {}

    /// - Parameter truth: the records before the transaction.
    func commit(
        _ commit: Commit, truth: PlatformView, canWrite: (VolumeID, Int, Epoch) -> Bool, timing: SessionTiming?,
        machine: (CellID) -> MachineTruth?
    ) -> Violation? {
        guard let timing else { return nil }
        for change in commit.changes {
            guard case .session(let old)? = change.old, case .session(let new)? = change.new, old.state == .alive,
                new.state != .alive, new.session == old.session, let cell = cellNumber(new.cell)
            else { continue }
            guard !old.isPausable || truth.cells[old.cell]?.value.trustsPause == true else { continue }
            let needed: Set<GuardKind> =
                timing.watchdogMilliseconds == nil ? [.sentinel, .watcher] : [.sentinel, .watcher, .watchdog]
            guard needed.isSubset(of: old.guards.armed), machine(new.cell)?.isPaused == false else { continue }
            for guarded in old.guards.volumes {
                guard let volume = truth.volumes[guarded.volume]?.value, volume.epoch == guarded.epoch,
                    case .on(let orderedAt) = volume.guardState, guarded.ordersRevision >= orderedAt,
                    canWrite(volume.id, cell, volume.epoch)
                else { continue }
                return Violation(
                    .guardsInTime, at: commit.time,
                    "the session of cell \(new.cell) expired, and the guarded holder of volume \(volume.id) can still write"
                )
            }
        }
        return nil
    }
}
