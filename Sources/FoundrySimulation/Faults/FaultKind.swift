/// Everything that can go wrong in the simulated world. Each counts itself when it strikes, so that a run can prove what it reached.
enum FaultKind: Int, CaseIterable, Sendable {
    // Processes and machines.
    case processKilledBeforeEffect, processKilledAfterEffect, processPausedInEffect, processKilled
    case powerLoss
    case processPausedShort, processPausedLong
    case machineStalled, machineSuspended, machineFrozen
    case containerCrashed, healthCheckFailed
    // Clocks.
    case clockFast, clockSlow, wallJumpedForth, wallJumpedBack
    // Messages.
    case messageLost, messageDelayed, messageDuplicated, messageReordered, messageVeryLate, messageCut
    case partitionSymmetric, partitionOneWay, partitionPartial, partitionSwizzled, partitionFlapping
    case streamBroken, streamBrokenSilently
    // The store.
    case storeLeaderChanged, storeWithoutQuorum, storeReadStale, storeDeposedLeaderAnswered
    case storeRequestLost, storeAnswerLost, storeOutcomeUnknown, storeSlow
    case storeWatchGap, storeCompacted, storeWatchHung, storeWatchBroken, storeRestored
    // Disks.
    case diskFull, diskSlow, diskHung, diskInputOutputError, diskSyncFailed
    case diskWriteTorn, diskUnsyncedLost, diskWritesReordered
    case diskWiped, diskCloned, diskRestoredFromImage, diskVolumeEmptied
    // Guards and fence devices.
    case sentinelKilled, watcherKilled, watchdogAbsent, portGuardBroken
    case fenceDeviceFailed, fenceDeviceHung, fenceDeviceLate, fenceDeviceLied, fenceDeviceHalf, fenceStatusFailed
    case fencePlugWrong
    // Cells that are not what they were.
    case cellRejoinedWiped, cellCloned, cellRestoredFromImage
    // People, at the wrong time.
    case operatorDrained, operatorFenced, operatorUnfenced, operatorConfirmed, operatorMaintenance
    case operatorDeleted, operatorScaled, operatorPushedAgain, operatorRepeatedRequest
    case operatorAdoptedFork
}

/// How often each fault struck in one run. One object is shared by all of a world's parts.
final class FaultCounters {
    private(set) var counts = [Int](repeating: 0, count: FaultKind.allCases.count)

    init() {}

    @inline(__always)
    func count(_ kind: FaultKind) { counts[kind.rawValue] += 1 }

    subscript(kind: FaultKind) -> Int { counts[kind.rawValue] }

    /// Adds what another run reached.
    func add(_ other: FaultCounters) {
        for index in counts.indices { counts[index] += other.counts[index] }
    }

    /// Kinds that struck less than `least` times, in the order of their declaration.
    func missing(least: Int) -> [FaultKind] { FaultKind.allCases.filter { self[$0] < least } }
}
