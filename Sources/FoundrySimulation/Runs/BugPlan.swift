import FoundryRules

/// Where a planted bug is looked for: the profiles in which it shows soonest.
public enum BugPlan {
    public static func profiles(for bug: PlantedBug) -> [ProfileName] {
        switch bug {
        case .silenceFromArrival, .sessionAgeFromAnswer, .expiryIgnoresSequence, .watchGapIgnored,
            .flappingCellMovedEachTime, .networkRevocationConfirms, .oldRouterTable, .guardOnBeforeWord,
            .expiredSessionRenewed, .silenceIsEnough, .fenceLevelIgnored, .brakeForgetsZones, .olderOrdersFollowed:
            [.network, .rough]
        case .writeWithoutTerm, .oldControllerActs, .keepaliveByDeposedLeader: [.machines, .storage, .rough]
        case .suspensionNotCounted, .killWaitsForFrozen, .lateStartAfterKill, .sentinelDeathUnnoticed,
            .armedBelievedAfterDeath, .noKillTimeInTiming, .statusErrorTakenAsOff, .rejoinConfirmsOldIncarnation,
            .cloneAccepted, .brakeMissing, .epochReused, .forkKeepsBranch, .forkPurged, .keptIsDeleted,
            .watcherNotAsked,
            .fedFromArrival, .oldHolderKeepsPlace, .orphanLeft, .droppedReplicaStaysEnforced:
            [.machines, .rough]
        case .alreadyOffByTypo, .pausableMachineTrusted: [.outside, .machines]
        case .epochNotSyncedBeforeUse, .unsealedReplicaIsCurrent, .emptyVolumeStarts, .replicaRelabelledTooLate,
            .confirmedWithoutSyncedPromise:
            [.storage, .machines, .rough]
        case .restoreWithoutGeneration, .unheardCellActs, .restoreKeepsReplicas: [.restore]
        case .lateStopConfirmsNewerFence, .twoFencesOfEachOther, .guardOffToldBeforeRecorded, .drainAndFenceAtOnce,
            .deleteWhileMoving, .retryMakesSecondVolume, .headroomIgnored, .replacementsPlannedApart,
            .unavailableCellTakesMembers, .wordBeforeEnd, .laggardTakesOver, .jobForgotten:
            [.operators, .rough]
        }
    }
}
