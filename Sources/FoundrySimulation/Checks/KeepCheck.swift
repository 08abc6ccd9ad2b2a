import FoundryModel
import FoundryRules

/// Data goes only by a person's word: what was left behind, and what is kept, stays until then; and a replica counts as current only while it is
/// waited for.
struct KeepCheck {
    init() {}

    /// - Parameter truth: the records before the transaction.
    func commit(_ commit: Commit, truth: PlatformView) -> Violation? {
        for (old, new) in commit.volumes {
            if let old, let violation = checkGone(old, new, commit, truth) { return violation }
            guard let new, !Set(new.replication.enforced).isSubset(of: new.replication.waitsFor) else { continue }
            return Violation(
                .acknowledgedKept, at: commit.time,
                "volume \(new.id) counts replicas as current that its holder need not wait for")
        }
        return nil
    }

    private func checkGone(
        _ old: VolumeRecord, _ new: VolumeRecord?, _ commit: Commit, _ truth: PlatformView
    ) -> Violation? {
        guard old.isMade, old.phase != .purging, new == nil || new?.phase == .purging else { return nil }
        guard case .started? = truth.apps[old.app]?.value.desired, !isReplica(old) else { return nil }
        return Violation(
            .forkKept, at: commit.time,
            "volume \(old.id) of \(old.appName), which was \(old.phase), is to be purged, and nobody asked for it")
    }

    /// A copy that follows may go at any time.
    private func isReplica(_ volume: VolumeRecord) -> Bool {
        if case .follows = volume.phase { return true }
        return false
    }
}
