/// Whom a kind of fault hits, and for how long.
struct FaultShape: Sendable {
    enum Victim: Sendable, CaseIterable {
        case cluster
        case cell
        case server
        /// A cell, a server or a router, as many as there are of each.
        case machine
        case app
    }

    var victim: Victim
    /// nil: it happens at once.
    var duration: ClosedRange<SimulationDuration>?
    /// False: it comes of other faults, and is counted only.
    var isScheduled = true
    /// A part of its durations lies near the silence after which a session expires, where rules change their minds.
    var isNearLimits: Bool {
        guard case .machine = victim, let duration else { return false }
        return duration.upperBound > .seconds(4) && duration.upperBound < .seconds(80)
    }

    /// Whatever the timing, no session expires of it.
    var isWithinLimits: Bool {
        guard case .machine = victim, let duration else { return false }
        return !movesVolumes && duration.upperBound <= .seconds(4)
    }

    /// It can take a cell out of sight, so one move of what it holds is its due.
    var movesVolumes = false

    static func at(_ victim: Victim, moves: Bool = false) -> Self { Self(victim: victim, movesVolumes: moves) }

    static func window(
        _ victim: Victim, _ duration: ClosedRange<SimulationDuration>, moves: Bool = false
    ) -> Self {
        Self(victim: victim, duration: duration, movesVolumes: moves)
    }

    static let consequence = Self(victim: .cluster, isScheduled: false)
}

extension FaultKind {
    var isPartition: Bool {
        switch self {
        case .partitionSymmetric, .partitionOneWay, .partitionPartial, .partitionSwizzled, .partitionFlapping: true
        default: false
        }
    }

    var shape: FaultShape {
        switch self {
        case .processKilledBeforeEffect, .processKilledAfterEffect, .processPausedInEffect:
            .window(.cluster, .seconds(5)...(.seconds(20)), moves: true)
        case .processKilled: .at(.machine, moves: true)
        case .powerLoss: .window(.machine, .seconds(2)...(.seconds(90)), moves: true)
        case .processPausedShort: .window(.machine, .milliseconds(50)...(.seconds(3)))
        case .processPausedLong: .window(.machine, .seconds(4)...(.seconds(40)), moves: true)
        case .machineStalled, .machineSuspended, .machineFrozen:
            .window(.machine, .milliseconds(500)...(.seconds(40)), moves: true)
        case .containerCrashed: .at(.app)
        case .healthCheckFailed: .window(.app, .seconds(2)...(.seconds(15)))
        case .clockFast, .clockSlow: .window(.machine, .seconds(30)...(.minutes(4)))
        case .wallJumpedForth, .wallJumpedBack: .at(.machine)
        case .messageLost, .messageDelayed, .messageDuplicated, .messageReordered, .messageVeryLate:
            .window(.cluster, .seconds(5)...(.seconds(60)), moves: true)
        case .partitionSymmetric, .partitionOneWay, .partitionPartial, .partitionSwizzled:
            .window(.machine, .seconds(1)...(.seconds(60)), moves: true)
        case .partitionFlapping: .window(.machine, .seconds(20)...(.seconds(90)), moves: true)
        case .streamBroken, .streamBrokenSilently: .window(.cluster, .seconds(5)...(.seconds(60)))
        case .storeLeaderChanged, .storeCompacted, .storeWatchBroken, .storeRestored: .at(.cluster)
        case .storeWithoutQuorum: .window(.cluster, .seconds(1)...(.seconds(30)), moves: true)
        case .storeReadStale, .storeWatchGap: .window(.cluster, .seconds(3)...(.seconds(30)))
        // They keep renewals from the store; so does a member of it that hangs, and takes what is asked of it along.
        case .storeDeposedLeaderAnswered, .storeRequestLost, .storeAnswerLost, .storeOutcomeUnknown, .storeSlow,
            .storeWatchHung:
            .window(.cluster, .seconds(3)...(.seconds(30)), moves: true)
        case .diskFull, .diskHung: .window(.cell, .seconds(1)...(.seconds(30)), moves: true)
        case .diskVolumeEmptied: .window(.cell, .seconds(2)...(.seconds(6)), moves: true)
        case .diskSlow: .window(.cell, .seconds(5)...(.seconds(60)), moves: true)
        case .diskInputOutputError, .diskSyncFailed: .window(.cell, .milliseconds(200)...(.seconds(10)), moves: true)
        case .sentinelKilled, .watcherKilled: .at(.cell, moves: true)
        // A watchdog that is fed no more resets its machine.
        case .watchdogAbsent: .window(.cell, .seconds(10)...(.minutes(2)), moves: true)
        case .portGuardBroken: .window(.cell, .seconds(10)...(.minutes(2)))
        case .fenceDeviceFailed, .fenceDeviceHung, .fenceDeviceLate, .fenceDeviceLied, .fenceDeviceHalf,
            .fenceStatusFailed, .fencePlugWrong:
            .window(.cell, .seconds(20)...(.minutes(3)))
        case .cellRejoinedWiped, .cellRestoredFromImage: .window(.cell, .seconds(5)...(.seconds(40)), moves: true)
        case .cellCloned: .window(.cell, .seconds(10)...(.seconds(60)), moves: true)
        case .operatorDrained, .operatorFenced: .window(.cell, .seconds(15)...(.seconds(90)), moves: true)
        case .operatorMaintenance: .window(.cluster, .seconds(10)...(.seconds(60)))
        case .operatorUnfenced, .operatorConfirmed: .at(.cell)
        case .operatorDeleted, .operatorScaled, .operatorPushedAgain, .operatorRepeatedRequest, .operatorAdoptedFork:
            .at(.app)
        case .messageCut, .diskWriteTorn, .diskUnsyncedLost, .diskWritesReordered, .diskWiped, .diskCloned,
            .diskRestoredFromImage:
            .consequence
        }
    }
}
