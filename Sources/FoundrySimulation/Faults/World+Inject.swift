import FoundryModel

/// A fault begins, or what lasts of it ends.
struct FaultStep {
    var time: SimulationTime
    /// Of the schedule.
    var place: Int
    var begins: Bool
}

extension FaultSchedule {
    /// Beginnings and ends in the order of their times.
    var steps: [FaultStep] {
        var steps: [FaultStep] = []
        for (place, fault) in faults.enumerated() {
            steps.append(FaultStep(time: fault.time, place: place, begins: true))
            if fault.duration > .zero { steps.append(FaultStep(time: fault.end, place: place, begins: false)) }
        }
        return steps.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
    }
}

extension World {
    /// A fault of the schedule strikes.
    func begin(_ fault: ScheduledFault) {
        var random = SimulationRandom(seed: fault.seed)
        switch fault.kind {
        case .processKilledBeforeEffect: faults.killBeforeEffect = 0.02
        case .processKilledAfterEffect: faults.killAfterEffect = 0.02
        case .processPausedInEffect: faults.pauseInEffect = 0.02
        case .processKilled: kill(process(at: fault.target, using: &random))
        case .powerLoss: powerLoss(node(of: fault.target), for: fault.duration)
        case .processPausedShort, .processPausedLong:
            pause(process(at: fault.target, using: &random), for: fault.duration)
        case .machineStalled: pauseMachine(fault, .stalled)
        case .machineSuspended: pauseMachine(fault, .suspended)
        case .machineFrozen: pauseMachine(fault, .frozen)
        case .containerCrashed: crashMember(of: app(fault.target), again: fault.seed % 4 == 0 ? 9 : 0)
        case .healthCheckFailed: faults.healthCheckFails = 0.6
        case .clockFast: setRate(ofMachine: node(of: fault.target), partsPerMillion: 20_000)
        case .clockSlow: setRate(ofMachine: node(of: fault.target), partsPerMillion: -20_000)
        case .wallJumpedForth:
            jumpWall(ofMachine: node(of: fault.target), by: random.duration(in: .seconds(1)...(.minutes(60))))
        case .wallJumpedBack:
            jumpWall(ofMachine: node(of: fault.target), by: .zero - random.duration(in: .seconds(1)...(.minutes(60))))
        case .messageLost, .messageDelayed, .messageDuplicated, .messageReordered, .messageVeryLate, .messageCut,
            .streamBroken, .streamBrokenSilently:
            mistreatMessages(fault.kind, true)
        case .partitionSymmetric, .partitionOneWay, .partitionPartial, .partitionSwizzled, .partitionFlapping:
            beginPartition(fault, using: &random)
        case .storeLeaderChanged, .storeWithoutQuorum, .storeReadStale, .storeDeposedLeaderAnswered,
            .storeRequestLost, .storeAnswerLost, .storeOutcomeUnknown, .storeSlow, .storeWatchGap, .storeCompacted,
            .storeWatchHung, .storeWatchBroken:
            beginStoreFault(fault, using: &random)
        case .diskFull, .diskSlow, .diskHung, .diskInputOutputError, .diskSyncFailed:
            breakDisk(cells[index(fault.target)], fault.kind, true)
        // Consequences of others, and what the run does itself because it keeps the images.
        case .diskWriteTorn, .diskUnsyncedLost, .diskWritesReordered, .diskWiped, .diskCloned, .diskRestoredFromImage,
            .storeRestored, .cellRejoinedWiped, .cellCloned, .cellRestoredFromImage:
            break
        case .diskVolumeEmptied: emptyVolume(fault)
        case .sentinelKilled: kill(.sentinel(index(fault.target)))
        case .watcherKilled: kill(.watcher(index(fault.target)))
        case .watchdogAbsent, .portGuardBroken: breakGuard(cells[index(fault.target)], fault.kind, true)
        case .fenceDeviceFailed: breakDevices(fault, .fails)
        case .fenceDeviceHung: breakDevices(fault, .hangs)
        case .fenceDeviceLate: breakDevices(fault, .late)
        case .fenceDeviceLied: breakDevices(fault, .lies)
        case .fenceDeviceHalf: breakDevices(fault, .half)
        case .fenceStatusFailed: breakDevices(fault, .statusFails)
        case .fencePlugWrong: crossPlugs(fault, true)
        case .operatorDrained: people(.drain(cell: index(fault.target)))
        case .operatorFenced: people(.fence(cell: index(fault.target)))
        case .operatorUnfenced: people(.unfence(cell: index(fault.target)))
        case .operatorConfirmed: people(.confirmTruthfully(cell: index(fault.target)))
        case .operatorMaintenance: people(.maintenance(true))
        case .operatorDeleted: people(.delete(workload: app(fault.target), purge: random.coin()))
        case .operatorScaled: people(.scale(workload: app(fault.target), replicas: random.index(below: 3)))
        case .operatorPushedAgain: people(.pushAgain(workload: app(fault.target)))
        case .operatorRepeatedRequest: repeatRequest(app(fault.target), using: &random)
        case .operatorAdoptedFork: adoptFork(from: app(fault.target))
        }
    }

    /// What lasted is over.
    func end(_ fault: ScheduledFault) {
        switch fault.kind {
        case .processKilledBeforeEffect: faults.killBeforeEffect = .never
        case .processKilledAfterEffect: faults.killAfterEffect = .never
        case .processPausedInEffect: faults.pauseInEffect = .never
        case .healthCheckFailed: faults.healthCheckFails = .never
        case .clockFast, .clockSlow: setRate(ofMachine: node(of: fault.target), partsPerMillion: 0)
        case .messageLost, .messageDelayed, .messageDuplicated, .messageReordered, .messageVeryLate, .streamBroken,
            .streamBrokenSilently:
            mistreatMessages(fault.kind, false)
        case .storeWithoutQuorum, .storeReadStale, .storeRequestLost, .storeAnswerLost, .storeOutcomeUnknown,
            .storeSlow, .storeWatchHung, .storeWatchGap, .storeDeposedLeaderAnswered:
            endStoreFault(fault)
        case .diskFull, .diskSlow, .diskHung, .diskInputOutputError, .diskSyncFailed:
            breakDisk(cells[index(fault.target)], fault.kind, false)
        case .watchdogAbsent, .portGuardBroken: breakGuard(cells[index(fault.target)], fault.kind, false)
        case .fenceDeviceFailed, .fenceDeviceHung, .fenceDeviceLate, .fenceDeviceLied, .fenceDeviceHalf,
            .fenceStatusFailed:
            breakDevices(fault, nil)
        case .fencePlugWrong: crossPlugs(fault, false)
        case .operatorDrained: people(.undrain(cell: index(fault.target)))
        case .operatorFenced: people(.unfence(cell: index(fault.target)))
        case .operatorMaintenance: people(.maintenance(false))
        // They end by themselves, or at once.
        case .processKilled, .powerLoss, .processPausedShort, .processPausedLong, .machineStalled, .machineSuspended,
            .machineFrozen, .containerCrashed, .wallJumpedForth, .wallJumpedBack, .messageCut, .partitionSymmetric,
            .partitionOneWay, .partitionPartial, .partitionSwizzled, .partitionFlapping, .storeLeaderChanged,
            .storeCompacted, .storeWatchBroken, .storeRestored,
            .diskWriteTorn, .diskUnsyncedLost, .diskWritesReordered, .diskWiped, .diskCloned, .diskRestoredFromImage,
            .diskVolumeEmptied, .sentinelKilled, .watcherKilled, .cellRejoinedWiped, .cellCloned,
            .cellRestoredFromImage,
            .operatorUnfenced, .operatorConfirmed, .operatorDeleted, .operatorScaled, .operatorPushedAgain,
            .operatorRepeatedRequest, .operatorAdoptedFork:
            break
        }
    }

    // Whom it hits.

    /// nil: it may touch every cell.
    func cell(of target: FaultTarget) -> Int? {
        if case .cell(let index) = target { return index }
        return nil
    }

    func index(_ target: FaultTarget) -> Int {
        switch target {
        case .cluster: 0
        case .cell(let index), .server(let index), .router(let index), .app(let index): index
        }
    }

    func app(_ target: FaultTarget) -> Int { min(index(target), workloads.count - 1) }

    func node(of target: FaultTarget) -> NodeNumber {
        switch target {
        case .cluster, .app: 0
        case .server(let index): servers[index].node
        case .cell(let index): cells[index].node
        case .router(let index): routers[index].node
        }
    }

    private func process(at target: FaultTarget, using random: inout SimulationRandom) -> ProcessName {
        switch target {
        case .cluster, .app: .server(0)
        case .server(let index): .server(index)
        case .cell(let index): .cell(index)
        case .router(let index): random.coin() ? .router(index) : .proxy(index)
        }
    }

    private func pauseMachine(_ fault: ScheduledFault, _ kind: PauseKind) {
        pause(machine: node(of: fault.target), kind, for: fault.duration)
    }
}
