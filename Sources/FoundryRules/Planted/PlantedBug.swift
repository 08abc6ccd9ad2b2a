/// Plausible mistakes, each planted at the place of the rule that it breaks: the simulation must find every one of them.
///
/// They exist only in builds with `FOUNDRY_PLANTED`, which no release build sets; `script/planted-bugs` runs them all.
public enum PlantedBug: String, CaseIterable, Sendable {
    // Sessions
    case silenceFromArrival
    case sessionAgeFromAnswer
    case expiryIgnoresSequence
    case writeWithoutTerm
    case oldControllerActs
    case keepaliveByDeposedLeader
    case suspensionNotCounted
    case noKillTimeInTiming
    case expiredSessionRenewed
    case sequenceStays
    case unheardCellActs
    // Epochs and labels
    case epochNotSyncedBeforeUse
    case cloneAccepted
    case restoredDiskBelieved
    case unsealedReplicaIsCurrent
    case emptyVolumeStarts
    case replicaRelabelledTooLate
    case restoreWithoutGeneration
    case restoreKeepsReplicas
    case epochReused
    case forkKeepsBranch
    case forkPurged
    case keptIsDeleted
    case droppedReplicaStaysEnforced
    // Fences
    case lateStopConfirmsNewerFence
    case confirmedWithoutSyncedPromise
    case rejoinConfirmsOldIncarnation
    case networkRevocationConfirms
    case statusErrorTakenAsOff
    case alreadyOffByTypo
    case twoFencesOfEachOther
    case brakeMissing
    case silenceIsEnough
    case fenceLevelIgnored
    case pausableMachineTrusted
    case watchdogNotAsked
    case wordBeforeEnd
    // Guards and the sentinel
    case killWaitsForFrozen
    case lateStartAfterKill
    case guardOnBeforeWord
    case guardOffToldBeforeRecorded
    case sentinelDeathUnnoticed
    case armedBelievedAfterDeath
    case fedFromArrival
    // Recovery and placement
    case drainAndFenceAtOnce
    case deleteWhileMoving
    case laggardTakesOver
    case oldHolderKeepsPlace
    case olderOrdersFollowed
    case orphanLeft
    case jobForgotten
    case watchGapIgnored
    case retryMakesSecondVolume
    case flappingCellMovedEachTime
    case headroomIgnored
    case replacementsPlannedApart
    case unavailableCellTakesMembers
    case oldRouterTable
    // Services
    case removedUserForgotten
    case verbToldBeforeItRan
    case serviceForgottenBeforeItsDisk
    case restoredBindingsBelieved
    case verbOfOtherDataBelieved
    case futureRecordAwaited
}

/// The run-time choice among the planted bugs.
public enum Planted {
    #if FOUNDRY_PLANTED
    /// Set once, before anything runs.
    nonisolated(unsafe) public static var active: PlantedBug?

    @inline(__always)
    public static func has(_ bug: PlantedBug) -> Bool { active == bug }
    #else
    @inline(__always)
    public static func has(_ bug: PlantedBug) -> Bool { false }
    #endif
}
