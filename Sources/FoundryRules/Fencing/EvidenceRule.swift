import FoundryModel

/// Whether a fence frees a volume.
public enum EvidenceVerdict: Hashable, Sendable {
    case frees(by: FenceEvidence)
    /// A clause: what is missing.
    case lacks(String)
}

/// Judges for each volume what a fence's evidence is worth: only what the workload's `--fence` asks for frees it.
///
/// - Source: design 5.4, 5.5, 5.7.
public enum EvidenceRule {
    /// - Parameter volume: as its holder had it when the fence was opened.
    /// - Parameter cell: nil when its record is gone; then nobody trusts its pauses.
    /// - Parameter timing: nil where no sessions are held: silence proves nothing there.
    public static func judge(
        _ volume: VolumeRecord, recovery: RecoverySpec, fence: FenceRecord, cell: CellRecord?, timing: SessionTiming?
    ) -> EvidenceVerdict {
        guard fence.state == .open else { return .lacks("the fence of its cell was lifted") }
        guard fence.isAgainst(volume) else {
            return .lacks("the fence is of another cell, or of another incarnation of it")
        }
        var lack: String?
        for evidence in fence.evidence {
            switch weigh(evidence, for: volume, recovery.fence, cell, timing) {
            case .frees: return .frees(by: evidence)
            case .lacks(let text): lack = text
            }
        }
        return .lacks(recovery.fence == .session ? lack ?? anything : waits(for: recovery.fence))
    }

    private static let anything = "it waits for its cell's word, for its session to expire, or for power evidence"

    private static func waits(for level: FenceLevel) -> String {
        level == .person
            ? "it waits for a person's word, as its workload asks for --fence person"
            : "it waits for power evidence, as its workload asks for --fence power"
    }

    private static func weigh(
        _ evidence: FenceEvidence, for volume: VolumeRecord, _ level: FenceLevel, _ cell: CellRecord?,
        _ timing: SessionTiming?
    ) -> EvidenceVerdict {
        switch evidence {
        case .person: return .frees(by: evidence)
        case .power:
            guard level <= .power || Planted.has(.fenceLevelIgnored) else { return .lacks(waits(for: level)) }
            return .frees(by: evidence)
        case .word(let promises):
            guard level <= .power || Planted.has(.fenceLevelIgnored) else { return .lacks(waits(for: level)) }
            guard promises.cover(volume.id, at: volume.epoch) else {
                return .lacks("its cell's word does not speak of it at this epoch")
            }
            return .frees(by: evidence)
        case .expiry(_, _, let guards, let isPausable):
            guard level == .session else { return .lacks(waits(for: level)) }
            if let lack = lack(of: guards, isPausable, volume, cell, timing) { return .lacks(lack) }
            return .frees(by: evidence)
        }
    }

    /// What was missing when the session expired, for silence to prove that the holder had been stopped.
    private static func lack(
        of guards: GuardReport, _ isPausable: Bool, _ volume: VolumeRecord, _ cell: CellRecord?,
        _ timing: SessionTiming?
    ) -> String? {
        guard let timing else { return "no sessions are held on this platform" }
        if Planted.has(.silenceIsEnough) { return nil }
        guard let orderedAt = orderedAt(volume) else {
            return "it was not guarded when its cell fell silent, so silence proves nothing"
        }
        let isListed = guards.volumes.contains {
            $0.volume == volume.id && $0.epoch == volume.epoch && $0.ordersRevision >= orderedAt
        }
        guard isListed || isTakenOnTrust(volume) else {
            return "its cell never said that it was under the guards at this epoch"
        }
        let missing = required(timing).subtracting(guards.armed)
        guard missing.isEmpty else {
            return "its guards were not all armed: \(missing.map(\.rawValue).sorted().joined(separator: ", "))"
        }
        guard !isPausable || cell?.trustsPause == true || Planted.has(.pausableMachineTrusted) else {
            return "its machine can be paused from outside, so silence proves nothing"
        }
        return nil
    }

    private static func isTakenOnTrust(_ volume: VolumeRecord) -> Bool {
        Planted.has(.guardOnBeforeWord) && volume.guardState == .ordered
    }

    private static func orderedAt(_ volume: VolumeRecord) -> Int64? {
        switch volume.guardState {
        case .off: nil
        case .ordered: Planted.has(.guardOnBeforeWord) ? 0 : nil
        case .on(let orderedAt): orderedAt
        }
    }

    /// Closed ports help and confirm nothing: what runs behind them goes on writing.
    private static func required(_ timing: SessionTiming) -> Set<GuardKind> {
        if Planted.has(.networkRevocationConfirms) { return [.ports] }
        let isFed = timing.watchdogMilliseconds != nil && !Planted.has(.watchdogNotAsked)
        return isFed ? [.sentinel, .watcher, .watchdog] : [.sentinel, .watcher]
    }
}
