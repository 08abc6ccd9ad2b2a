/// What can go wrong in a run, and how often.
public enum ProfileName: String, CaseIterable, Sendable {
    /// Nothing but a usual network.
    case calm
    /// A little of everything that the promises cover.
    case normal
    /// The same, much more often.
    case rough
    case storage
    case network
    case machines
    case operators
    case restore
    /// Faults that no promise covers: the rules must find themselves unable, not wrong.
    case outside = "outside-the-promise"
}

/// A switch and a rate for each kind of fault.
public struct FaultProfile: Sendable {
    /// That rates are counted by.
    static let period = SimulationDuration.minutes(10)

    public let name: ProfileName
    /// Faults in ten minutes of the whole world, by kind.
    private var rates: [Double]
    /// Present all the time.
    var network = NetworkFaults.usual

    public init(_ name: ProfileName) {
        self.name = name
        rates = [Double](repeating: 0, count: FaultKind.allCases.count)
        switch name {
        case .calm: break
        case .normal: setAll(0.4)
        case .rough: setAll(1.2)
        case .storage:
            setAll(0.1)
            set(FaultKind.ofDisks, 1.5)
            set(FaultKind.ofStore, 1.5)
            set([.powerLoss], 3)
        case .network:
            setAll(0.1)
            set(FaultKind.ofMessages, 2.5)
        case .machines:
            setAll(0.1)
            set(FaultKind.ofMachines, 1.5)
            set(FaultKind.ofFencing, 1)
        case .operators:
            setAll(0.15)
            set(FaultKind.ofPeople, 2)
            set(FaultKind.ofFencing, 1)
        case .restore:
            setAll(0.25)
            set([.storeRestored], 5)
            set([.processPausedLong, .powerLoss], 2)
            set([.operatorRepeatedRequest, .operatorAdoptedFork], 30)
        case .outside:
            setAll(0.25)
            set(FaultKind.outsideThePromise, 2)
            set([.processPausedLong, .powerLoss], 2)
        }
        if name != .outside { set(FaultKind.outsideThePromise, 0) }
        if name != .restore && name != .rough { set([.storeRestored], 0) }
        // The gravest are the rarest: a world in which all is lost shows nothing.
        scale([.storeRestored, .operatorMaintenance, .operatorDeleted, .storeWithoutQuorum], 0.5)
    }

    /// In ten minutes; 0: it never happens.
    func rate(of kind: FaultKind) -> Double { rates[kind.rawValue] }

    /// Switches a kind on or off.
    mutating func set(_ kind: FaultKind, _ rate: Double) { rates[kind.rawValue] = rate }

    private mutating func setAll(_ rate: Double) { set(FaultKind.allCases, rate) }

    private mutating func set(_ kinds: [FaultKind], _ rate: Double) {
        for kind in kinds { rates[kind.rawValue] = rate }
    }

    private mutating func scale(_ kinds: [FaultKind], _ factor: Double) {
        for kind in kinds { rates[kind.rawValue] *= factor }
    }
}

extension FaultKind {
    static let ofDisks: [FaultKind] = [
        .diskFull, .diskSlow, .diskHung, .diskInputOutputError, .diskSyncFailed,
    ]
    static let ofStore: [FaultKind] = [
        .storeLeaderChanged, .storeWithoutQuorum, .storeReadStale, .storeDeposedLeaderAnswered, .storeRequestLost,
        .storeAnswerLost, .storeOutcomeUnknown, .storeSlow, .storeWatchGap, .storeCompacted, .storeWatchHung,
        .storeWatchBroken,
    ]
    static let ofMessages: [FaultKind] = [
        .messageLost, .messageDelayed, .messageDuplicated, .messageReordered, .messageVeryLate, .partitionSymmetric,
        .partitionOneWay, .partitionPartial, .partitionSwizzled, .partitionFlapping, .streamBroken,
        .streamBrokenSilently,
    ]
    static let ofMachines: [FaultKind] = [
        .processKilledBeforeEffect, .processKilledAfterEffect, .processPausedInEffect, .processKilled, .powerLoss,
        .processPausedShort,
        .processPausedLong, .machineStalled, .machineSuspended, .containerCrashed, .healthCheckFailed, .clockFast,
        .clockSlow, .wallJumpedForth, .wallJumpedBack, .cellRejoinedWiped, .cellCloned, .cellRestoredFromImage,
    ]
    static let ofFencing: [FaultKind] = [
        .sentinelKilled, .watcherKilled, .watchdogAbsent, .portGuardBroken, .fenceDeviceFailed, .fenceDeviceHung,
        .fenceDeviceLate, .fenceDeviceHalf, .fenceStatusFailed,
    ]
    static let ofPeople: [FaultKind] = [
        .operatorDrained, .operatorFenced, .operatorUnfenced, .operatorConfirmed, .operatorMaintenance,
        .operatorDeleted, .operatorScaled, .operatorPushedAgain, .operatorRepeatedRequest, .operatorAdoptedFork,
    ]
    /// No rule can see them: a machine whose clocks stand with it, and devices that say "off" of a machine that runs.
    static let outsideThePromise: [FaultKind] = [.machineFrozen, .fenceDeviceLied, .fencePlugWrong]
}
