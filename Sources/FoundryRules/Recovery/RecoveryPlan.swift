import FoundryModel

/// What shall be done for one workload now, and why everything else is not: `foundry why` prints the reasons.
public struct RecoveryPlan: Hashable, Sendable {
    public var steps: [RecoveryStep]
    /// For everything that is not done, in words; sorted by subject.
    public var reasons: [WhyLine]

    public init(steps: [RecoveryStep] = [], reasons: [WhyLine] = []) {
        self.steps = steps
        self.reasons = reasons
    }
}

/// One thing that the controller does for a workload, as one transaction.
public enum RecoveryStep: Hashable, Sendable {
    /// The replica takes over the branch, which it knows to the last acknowledged write; the fence frees the old holder's volume.
    case handOver(from: VolumeID, to: MemberID, fence: FenceID)
    /// The replica begins a new branch, without evidence or with less than all writes; the old holder becomes a fork. `available` only.
    case fork(from: VolumeID, to: MemberID, fence: FenceID?)
    /// An empty volume on another cell, under a lineage of its own; the old one becomes a fork. Caches of `available` only.
    case startEmpty(instead: VolumeID, fence: FenceID?)
    /// The member has no volume, and its cell is lost: it is placed anew.
    case replaceStateless(MemberID)
    /// The volume was never made known to exist, and its cell is lost: another is made elsewhere, and this one deleted when its cell returns.
    case replaceUnmade(VolumeID)
    /// The primary stops in order, so that the replica can take over.
    case standDown(MemberID, for: MemberID)
    /// The wish to change over is gone, or the replica is: the primary goes on.
    case standUp(MemberID)
    /// The primary has stopped and is sealed, and the replica has all: they change roles.
    case changeOver(from: MemberID, to: MemberID)
    /// One more replica is placed; `avoiding` are cells that it must not be on.
    case addReplica(of: VolumeID, avoiding: [CellID])
    /// A replica that is no longer wanted, or whose cell is lost for long; its volume is kept for the grace period.
    case dropReplica(MemberID)
    case orderGuard(VolumeID)
    /// The cell said that the guard is on.
    case confirmGuard(VolumeID)
    case dropGuard(VolumeID)
    /// The holder shall wait for this replica.
    case waitFor(VolumeID, replica: VolumeID)
    /// The holder said that it waits for these, and they had caught up.
    case enforce(VolumeID, replicas: [VolumeID])
    /// The holder need not wait for this replica any more; it no longer counts as current.
    case dropWait(VolumeID, replica: VolumeID)
}
