import FoundryModel

/// What is done next with the devices that can cut a cell's power.
public enum PowerStep: Hashable, Sendable {
    /// Recorded in the fence before its device is used.
    case use(FenceAttempt)
    /// Every device of this level said OFF after all of them had been told to be: that is evidence.
    case confirm(level: Int)
    /// No level is left; a sentence for people.
    case exhausted(String)
}

/// Takes a cell's word, and leads through its power devices: level after level, `off` of every device, then `status` of every device.
///
/// - Source: design 5.7.
public enum FenceRule {
    /// Failures, and answers that say ON, after which the next level is tried.
    public static let failuresAllowed = 3
    /// More devices than these make no level: with three failures the attempts of one, 4 for each device and 2, would not all be kept.
    public static let devicesAllowed = 3

    /// - Returns: what the word proves; nil when it answers another fence, speaks of another incarnation, or promises nothing.
    public static func takeWord(_ word: FenceWord, fence: FenceRecord) -> FenceEvidence? {
        guard fence.state == .open, !word.promises.isEmpty else { return nil }
        guard word.fence == fence.id || Planted.has(.lateStopConfirmsNewerFence) else { return nil }
        guard word.incarnation == fence.incarnation || Planted.has(.rejoinConfirmsOldIncarnation) else { return nil }
        return .word(promises: word.promises)
    }

    /// - Parameter needed: a volume waits for evidence that power can give.
    /// - Returns: nil while an attempt is on its way, and when there is nothing to be done.
    public static func nextPower(_ fence: FenceRecord, cell: CellRecord, needed: Bool) -> PowerStep? {
        guard needed, fence.state == .open, !fence.hasPowerEvidence, fence.attempts.last?.outcome != .begun else {
            return nil
        }
        for level in cell.power.indices where counts(cell.power[level]) {
            let attempts = fence.attempts.filter { $0.level == level }
            // Attempts of a level that was left may have been forgotten since.
            if fence.attempts.contains(where: { $0.level > level }) { continue }
            if attempts.filter({ isFailure($0) }).count >= failuresAllowed { continue }
            return step(level, cell.power[level], attempts, number: (fence.attempts.last?.number ?? 0) + 1)
        }
        return .exhausted(exhaustion(cell))
    }

    /// A device counts after a drill has proved that it means this machine: one with a wrong plug says "off" of another.
    static func counts(_ level: [PowerDevice]) -> Bool {
        (1...devicesAllowed).contains(level.count) && (level.allSatisfy(\.isDrilled) || Planted.has(.alreadyOffByTypo))
    }

    private static func isFailure(_ attempt: FenceAttempt) -> Bool {
        switch attempt.outcome {
        case .failed: !isTakenAsOff(attempt)
        case .saysOn: true
        case .begun, .succeeded, .saysOff: false
        }
    }

    private static func isTakenAsOff(_ attempt: FenceAttempt) -> Bool {
        Planted.has(.statusErrorTakenAsOff) && attempt.step == .status
    }

    private static func step(
        _ level: Int, _ devices: [PowerDevice], _ attempts: [FenceAttempt], number: Int
    ) -> PowerStep {
        var lastOff = 0
        for device in devices {
            guard let off = settledOff(device, attempts) else {
                return .use(attempt(number, level, device, .off))
            }
            lastOff = max(lastOff, off)
        }
        for device in devices where !saysOff(device, attempts, after: lastOff) {
            return .use(attempt(number, level, device, .status))
        }
        return .confirm(level: level)
    }

    /// The number of the last `off` of the device: nil when it failed, or when the device said ON after it.
    private static func settledOff(_ device: PowerDevice, _ attempts: [FenceAttempt]) -> Int? {
        let own = attempts.filter { $0.device == device.name }
        guard let off = own.last(where: { $0.step == .off }), off.outcome == .succeeded else { return nil }
        return own.contains { $0.number > off.number && $0.outcome == .saysOn } ? nil : off.number
    }

    private static func saysOff(_ device: PowerDevice, _ attempts: [FenceAttempt], after number: Int) -> Bool {
        attempts.contains {
            $0.device == device.name && $0.step == .status && $0.number > number
                && ($0.outcome == .saysOff || isTakenAsOff($0))
        }
    }

    private static func attempt(_ number: Int, _ level: Int, _ device: PowerDevice, _ step: FenceStep) -> FenceAttempt {
        FenceAttempt(number: number, level: level, device: device.name, step: step, outcome: .begun)
    }

    private static func exhaustion(_ cell: CellRecord) -> String {
        cell.power.contains(where: counts)
            ? "no device could prove that cell \(cell.id) is off; it waits for a person"
            : "cell \(cell.id) has no power device that a drill has proved; it waits for a person"
    }
}
