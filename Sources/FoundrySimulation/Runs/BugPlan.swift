import FoundryRules

/// Where a planted bug is looked for: the profiles in which it shows soonest.
public enum BugPlan {
    public static func profiles(for bug: PlantedBug) -> [ProfileName] {
        switch bug {
        case .silenceFromArrival, .sessionAgeFromAnswer, .expiryIgnoresSequence, .watchGapIgnored,
            .flappingCellMovedEachTime, .networkRevocationConfirms, .oldRouterTable, .guardOnBeforeWord:
            [.network, .rough]
        case .writeWithoutTerm, .oldControllerActs, .keepaliveByDeposedLeader: [.machines, .storage, .rough]
        case .suspensionNotCounted, .killWaitsForFrozen, .lateStartAfterKill, .sentinelDeathUnnoticed,
            .armedBelievedAfterDeath, .noKillTimeInTiming, .statusErrorTakenAsOff, .rejoinConfirmsOldIncarnation,
            .cloneAccepted, .brakeMissing:
            [.machines, .rough]
        case .alreadyOffByTypo: [.outside, .machines]
        case .epochNotSyncedBeforeUse, .unsealedReplicaIsCurrent, .emptyVolumeStarts, .replicaRelabelledTooLate,
            .confirmedWithoutSyncedPromise:
            [.storage, .machines, .rough]
        case .restoreWithoutGeneration: [.restore]
        case .lateStopConfirmsNewerFence, .twoFencesOfEachOther, .guardOffToldBeforeRecorded, .drainAndFenceAtOnce,
            .deleteWhileMoving, .retryMakesSecondVolume, .headroomIgnored, .replacementsPlannedApart,
            .unavailableCellTakesMembers:
            [.operators, .rough]
        }
    }
}
