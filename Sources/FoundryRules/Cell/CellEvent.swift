import FoundryModel

/// What a cell's machine is told.
public enum CellEvent: Hashable, Sendable {
    /// What was found of ours when the process started; the first event, once.
    case observed(CellObservation)
    case orders(CellOrders)
    case done(CellEffect, CellEffectResult)
    case failed(CellEffect, FoundryError)
    /// A process ended, or lost its monitor, without an effect of ours.
    case containerChanged(ContainerObservation)
    /// The answer to a check that `takeProbes` asked for.
    case probed(MemberID, pid: Int32, CheckRole, CheckVerdict)
    /// The session that the cell holds now; nil: none, so that no guarded member starts. What runs goes on until the guards act.
    case session(SessionID?)
    /// The guards acted, or are about to: every guarded member is being killed, and their latch is on until `unlatch` was done. Told before the ends that
    /// come of it, so that they are not taken for crashes.
    case guardsFired
    /// What the engine of a running member says of its replication; nil: it no longer says anything.
    case replicates(MemberID, pid: Int32, ReplicationReport?)
    /// What a member wrote could not be brought to its disk: its syncs are deferred, and nobody told it.
    case flushFailed(MemberID, pid: Int32, FoundryError)
    /// The answer to a question that `takeRoleQuestions` asked for; nil: it did not say.
    case engineRole(MemberID, pid: Int32, String?)
    /// Stop every member and let go of every volume: the platform goes down.
    case drain
    /// A time that `nextWake` named has come.
    case tick
}

/// Why the machine did not take an event.
public enum CellRejection: Hashable, Sendable {
    case notObservedYet
    case observedTwice
    case ordersOlder(has: Int64, got: Int64)
    case termOlder(has: Term, got: Term)
    case notInFlight(CellEffectName)
    /// The process that is spoken of does not run.
    case notRunning(MemberID)
}
