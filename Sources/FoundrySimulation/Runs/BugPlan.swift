import FoundryRules

/// Where a planted bug is looked for: worlds in which what it gets wrong happens often.
public enum BugPlan {
    /// - Returns: requests whose seeds are to be filled in; they take turns.
    public static func templates(for bug: PlantedBug) -> [RunRequest] {
        switch bug {
        case .silenceFromArrival:
            [stressed(.fast, "partitionPartial=60", "partitionSymmetric@server=30", "messageDelayed=30")]
        case .sessionAgeFromAnswer:
            [stressed(.tight, "messageDelayed=80", "partitionSymmetric@cell=60", "processPausedLong@cell=30")]
        case .fedFromArrival:
            [
                stressed(
                    .tight, kind: .replicated, "messageDelayed=80", "processPausedLong@cell=120",
                    "processKilled@cell=60")
            ]
        case .expiryIgnoresSequence:
            [stressed(.fast, "storeLeaderChanged=120", "processPausedLong@cell=80")]
        case .writeWithoutTerm, .oldControllerActs:
            [stressed(.fast, "processPausedLong@server=80", "processPausedLong@cell=30", "operatorRepeatedRequest=60")]
        case .keepaliveByDeposedLeader:
            [stressed(.fast, "storeDeposedLeaderAnswered=60", "partitionSymmetric@server=20")]
        case .expiredSessionRenewed:
            [stressed(.fast, "processPausedLong@server=40", "messageDelayed=60", "partitionFlapping@cell=40")]
        case .restoreKeepsReplicas:
            [
                stressed(
                    .fast, kind: .fencedByPower, apps: 36, cells: 12, "storeRestored=20", "powerLoss@cell=60",
                    "partitionSymmetric@cell=60", "operatorConfirmed=200")
            ]
        case .unheardCellActs, .restoreWithoutGeneration:
            [stressed(.fast, "storeRestored=10", "powerLoss@cell=60", "processPausedLong@cell=30")]
        case .epochNotSyncedBeforeUse:
            [stressed(.fast, "operatorRepeatedRequest=100", "powerLoss@cell=80")]
        case .cloneAccepted: [stressed(.fast, "cellCloned=20")]
        case .restoredDiskBelieved: [stressed(.normal, "cellRestoredFromImage=30", "powerLoss@cell=60")]
        case .emptyVolumeStarts: [stressed(.fast, "diskVolumeEmptied=30")]
        case .replicaRelabelledTooLate:
            [stressed(.fast, kind: .replicated, "diskHung=100", "diskSlow=60", "operatorDrained=60")]
        case .unsealedReplicaIsCurrent, .epochReused, .oldHolderKeepsPlace, .forkKeepsBranch, .forkPurged,
            .keptIsDeleted, .silenceIsEnough, .pausableMachineTrusted, .orphanLeft,
            .guardOnBeforeWord:
            [
                stressed(
                    .fast, "processPausedLong@cell=60", "streamBrokenSilently=20", "operatorMaintenance=20",
                    "partitionSymmetric@cell=20")
            ]
        case .droppedReplicaStaysEnforced, .laggardTakesOver:
            [stressed(.fast, "operatorDrained=60", "diskSlow=60", "messageDelayed=60", "powerLoss@cell=30")]
        case .lateStopConfirmsNewerFence, .confirmedWithoutSyncedPromise, .wordBeforeEnd, .fenceLevelIgnored,
            .twoFencesOfEachOther, .rejoinConfirmsOldIncarnation:
            [
                stressed(
                    .fast, cells: 4, "operatorFenced=150", "messageDelayed=60", "processPausedLong@cell=40",
                    "cellRejoinedWiped=6"),
                stressed(.fast, cells: 4, "operatorFenced=60", "processPausedLong@cell=60", "cellRejoinedWiped=20"),
            ]
        case .networkRevocationConfirms, .watchdogNotAsked:
            [
                stressed(.normal, "watchdogAbsent=100", "processPausedLong@cell=60", "watcherKilled=100"),
                stressed(.fast, "watcherKilled=200", "sentinelKilled=60", "processPausedLong@cell=80"),
            ]
        case .statusErrorTakenAsOff, .alreadyOffByTypo:
            [
                stressed(
                    .fast, kind: .fencedByPower, cells: 6, "fenceDeviceHalf=120", "partitionSymmetric@cell=60",
                    "processPausedLong@cell=60")
            ]
        case .brakeMissing, .sequenceStays: [stressed(.fast, "partitionSymmetric@cluster=40")]
        case .killWaitsForFrozen:
            [
                stressed(.fast, "diskHung=80", "partitionSymmetric@cell=60"),
                stressed(.normal, "diskHung=80", "sentinelKilled=60"),
            ]
        case .lateStartAfterKill:
            [
                stressed(
                    .fast, kind: .replicated, "containerCrashed=200", "processPausedInEffect=120",
                    "operatorPushedAgain=60")
            ]
        case .guardOffToldBeforeRecorded:
            [stressed(.fast, "operatorMaintenance=60", "processPausedLong@server=60")]
        case .armedBelievedAfterDeath:
            [stressed(.tight, kind: .replicated, "sentinelKilled=200", "processPausedLong@cell=120")]
        case .sentinelDeathUnnoticed:
            [stressed(.fast, "sentinelKilled=200", "processPausedLong@cell=80", "partitionSymmetric@cell=30")]
        case .drainAndFenceAtOnce: [stressed(.fast, "operatorDrained=80", "processPausedLong@cell=60")]
        case .deleteWhileMoving:
            [stressed(.fast, "operatorDeleted=60", "processPausedLong@cell=80", "operatorPushedAgain=30")]
        case .oldRouterTable:
            [
                manyRouters(
                    stressed(
                        .fast, kind: .replicated, apps: 24, "storeWatchHung@server=300", "processKilled@server=60",
                        "processPausedLong@cell=60", "operatorDrained=20"))
            ]
        case .olderOrdersFollowed, .watchGapIgnored:
            [
                stressed(
                    .fast, "storeWatchHung=40", "storeWatchGap=60", "storeCompacted=60", "partitionSymmetric@server=40",
                    "streamBroken=40", "processPausedLong@cell=30")
            ]
        case .retryMakesSecondVolume:
            [
                stressed(
                    .fast, "storeSlow=60", "powerLoss@cell=60", "operatorScaled=100",
                    "operatorDeleted=40", "operatorPushedAgain=60")
            ]
        case .flappingCellMovedEachTime: [stressed(.fast, "partitionFlapping@cell=40")]
        case .unavailableCellTakesMembers:
            [stressed(.fast, "operatorDrained=60", "operatorScaled=150", "powerLoss@cell=40")]
        case .suspensionNotCounted: [stressed(.fast, "machineSuspended@cell=60")]
        case .noKillTimeInTiming:
            [stressed(.tight, kind: .replicated, "processPausedLong@cell=120", "partitionSymmetric@cell=60")]
        case .jobForgotten: [stressed(.fast)]
        case .removedUserForgotten:
            [
                served(
                    stressed(
                        .fast, kind: .single, apps: 1, "powerLoss@cell=60", "partitionSymmetric@cell=60",
                        "operatorAdoptedFork=200"))
            ]
        case .verbToldBeforeItRan, .serviceForgottenBeforeItsDisk:
            [served(stressed(.fast, apps: 2, "processKilled@cell=300", "powerLoss@cell=60"))]
        case .verbOfOtherDataBelieved:
            [
                served(
                    stressed(
                        .fast, apps: 1, "partitionFlapping@cell=100", "partitionOneWay@cell=60", "messageDelayed=60"))
            ]
        case .futureRecordAwaited: [served(stressed(.fast, apps: 1, "wallJumpedBack@server=30"))]
        case .restoredBindingsBelieved: [served(stressed(.fast, apps: 2, "storeRestored=20"))]
        case .headroomIgnored, .replacementsPlannedApart:
            [crowded(stressed(.fast, "powerLoss@cell=60", "operatorScaled=60", "operatorPushedAgain=30"))]
        }
    }

    /// The worlds of all hunts, each once: in them much happens that is rare elsewhere, and without a bug they must hold.
    public static func worlds(minutes: Int) -> [RunRequest] {
        var seen: Set<RunRequest> = []
        return PlantedBug.allCases.flatMap { templates(for: $0) }.filter { seen.insert($0).inserted }.map { template in
            var request = template
            request.minutes = minutes
            return request
        }
    }

    /// A seed that found it, of one that fresh seeds find seldom. It goes stale when the rules change.
    public static func remembered(for bug: PlantedBug) -> UInt64? {
        bug == .verbOfOtherDataBelieved ? 1_109 : nil
    }

    /// Few apps, and people who use services.
    private static func served(_ request: RunRequest) -> RunRequest {
        var request = request
        request.size.services = 6
        return request
    }

    private static func manyRouters(_ request: RunRequest) -> RunRequest {
        var request = request
        request.size.routers = 8
        return request
    }

    /// More members than the cells have room for.
    private static func crowded(_ request: RunRequest) -> RunRequest {
        var request = request
        request.size.apps = 24
        request.size.memory = 1_280
        return request
    }

    private static func stressed(
        _ pace: RunRequest.Pace, kind: WorkloadKind? = nil, apps: Int = 12, cells: Int = 8, _ stress: String...
    ) -> RunRequest {
        var request = RunRequest(seed: 0, profile: .calm, minutes: 6)
        request.size.apps = apps
        request.size.cells = cells
        request.size.kind = kind
        request.pace = pace
        request.stress = stress.map { text in
            guard let stress = Stress(text) else { preconditionFailure("\(text) names no fault") }
            return stress
        }
        return request
    }
}
