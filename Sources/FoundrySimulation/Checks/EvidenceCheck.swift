import FoundryModel
import FoundryRules

/// What a simulated machine truly is, where evidence speaks of it.
struct MachineTruth {
    var isOn = true
    /// Of its last loss of power.
    var offSince = SimulationTime(microseconds: -1)
    /// Of the last time that it was given power.
    var onSince = SimulationTime(microseconds: -1)
    /// A device said "off" of it while it ran: what follows is covered by no promise.
    var wasLiedAbout = false
    /// Something paused it from outside.
    var isPaused = false
}

/// A hand-over needs evidence, of the level that its workload asks for, in the fence that is in force against the old holder; and what the evidence
/// says must be true.
///
/// It judges by the store's log and by the machines, in words of its own: it shares nothing with the rule that decided.
struct EvidenceCheck {
    private struct Promise: Hashable {
        var fence: FenceID
        var volume: VolumeID
        /// Whose disk it is on.
        var incarnation: IncarnationID?
    }

    /// Epochs, by fence and volume, that a cell has on its disk for sure.
    private var promises: [Promise: Epoch] = [:]
    private var openedAt: [FenceID: SimulationTime] = [:]
    /// How often each kind of evidence was recorded.
    private(set) var reached = [Int](repeating: 0, count: EvidenceKind.allCases.count)

    init() {}

    /// A cell's promises are synced.
    mutating func promised(_ fence: FenceID, _ list: [VolumePromise], by incarnation: IncarnationID?) {
        for promise in list {
            let key = Promise(fence: fence, volume: promise.volume, incarnation: incarnation)
            promises[key] = max(promises[key] ?? .none, promise.epoch)
        }
    }

    /// - Parameter truth: the records before the transaction.
    mutating func commit(
        _ commit: Commit, truth: PlatformView, canWrite: (VolumeID, Int, Epoch) -> Bool, timing: SessionTiming?,
        machine: (CellID) -> MachineTruth?
    ) -> Violation? {
        for change in commit.changes {
            guard case .fence(let new)? = change.new else { continue }
            if change.old == nil, new.state == .open, truth.openFence(of: new.cell, new.incarnation) != nil {
                return Violation(
                    .onceOnly, at: commit.time, "a second fence was opened against cell \(new.cell)")
            }
            var known = 0
            if case .fence(let old)? = change.old { known = old.evidence.count } else { openedAt[new.id] = commit.time }
            for evidence in new.evidence.dropFirst(known) {
                reached[EvidenceKind(evidence).rawValue] += 1
                if let violation = check(evidence, of: new, commit, truth, canWrite, machine) { return violation }
            }
        }
        return checkTakers(commit, truth, timing)
    }

    private func check(
        _ evidence: FenceEvidence, of fence: FenceRecord, _ commit: Commit, _ truth: PlatformView,
        _ canWrite: (VolumeID, Int, Epoch) -> Bool, _ machine: (CellID) -> MachineTruth?
    ) -> Violation? {
        switch evidence {
        case .word(let list): checkWord(list, fence, commit, canWrite)
        case .expiry(let session, let sequence, _, _): checkExpiry(session, sequence, fence, commit, truth)
        case .power: checkPower(fence, commit, machine)
        case .person: nil
        }
    }

    private func checkWord(
        _ list: [VolumePromise], _ fence: FenceRecord, _ commit: Commit, _ canWrite: (VolumeID, Int, Epoch) -> Bool
    ) -> Violation? {
        for promise in list {
            let key = Promise(fence: fence.id, volume: promise.volume, incarnation: fence.incarnation)
            guard let synced = promises[key], synced >= promise.epoch else {
                return Violation(
                    .oldNewsConfirmsNothing, at: commit.time,
                    "fence \(fence.id.short) took a word for volume \(promise.volume) at epoch \(promise.epoch) that is on no disk for this fence"
                )
            }
            if let cell = cellNumber(fence.cell), canWrite(promise.volume, cell, promise.epoch) {
                return Violation(
                    .evidenceFirst, at: commit.time,
                    "cell \(fence.cell) gave its word for volume \(promise.volume), whose holder can still write")
            }
        }
        return nil
    }

    private func checkExpiry(
        _ session: SessionID, _ sequence: UInt64, _ fence: FenceRecord, _ commit: Commit, _ truth: PlatformView
    ) -> Violation? {
        guard let record = truth.sessions[fence.cell]?.value, record.session == session, record.sequence == sequence,
            record.incarnation == fence.incarnation
        else {
            return Violation(
                .oldNewsConfirmsNothing, at: commit.time,
                "the expiry of cell \(fence.cell) is of a session or a sequence that is not its newest")
        }
        return nil
    }

    private func checkPower(
        _ fence: FenceRecord, _ commit: Commit, _ machine: (CellID) -> MachineTruth?
    ) -> Violation? {
        let opened = openedAt[fence.id] ?? .zero
        guard let machine = machine(fence.cell), machine.isOn, !machine.wasLiedAbout, machine.offSince < opened,
            machine.onSince < opened
        else { return nil }
        return Violation(
            .evidenceFirst, at: commit.time,
            "power is evidence against cell \(fence.cell), which was never off since the fence was opened")
    }

    /// Whoever becomes the holder of a branch takes it from a holder that is sealed, or freed by the fence that is in force.
    private func checkTakers(_ commit: Commit, _ truth: PlatformView, _ timing: SessionTiming?) -> Violation? {
        let volumes = commit.volumes
        for (before, taker) in volumes {
            guard let taker, taker.holder != nil, before?.holder == nil else { continue }
            let changed = Set(volumes.compactMap { ($0.new ?? $0.old)?.id })
            let rival = truth.volumes.values.first {
                $0.value.lineage == taker.lineage && $0.value.branch == taker.branch && $0.value.holder != nil
                    && !changed.contains($0.value.id)
            }
            if let rival {
                return Violation(
                    .evidenceFirst, at: commit.time,
                    "volume \(taker.id) holds branch \(taker.branch), which volume \(rival.value.id) still holds")
            }
            for (old, new) in volumes {
                guard let old, old.id != taker.id, old.lineage == taker.lineage, old.branch == taker.branch,
                    old.holder != nil, new?.holder == nil
                else { continue }
                if let violation = checkFreed(old, by: taker, commit, truth, timing) { return violation }
            }
        }
        return nil
    }

    private func checkFreed(
        _ old: VolumeRecord, by taker: VolumeRecord, _ commit: Commit, _ truth: PlatformView, _ timing: SessionTiming?
    ) -> Violation? {
        guard old.replication.enforced.contains(taker.id) else {
            return Violation(
                .acknowledgedKept, at: commit.time,
                "volume \(taker.id) took branch \(taker.branch) over, and is not known to have every acknowledged write"
            )
        }
        let level = truth.apps[old.app]?.value.spec.recovery.fence ?? .person
        let frees = truth.fences.values.contains { fence in
            fence.value.state == .open && fence.value.cell == old.cell
                && (old.incarnation == nil || fence.value.incarnation == old.incarnation)
                && fence.value.evidence.contains { isEnough($0, level, old, truth, timing) }
        }
        guard !frees else { return nil }
        return Violation(
            .evidenceFirst, at: commit.time,
            "volume \(taker.id) took branch \(taker.branch) over from volume \(old.id) on cell \(old.cell), and no fence in force has evidence of the level \(level.rawValue)"
        )
    }

    private func isEnough(
        _ evidence: FenceEvidence, _ level: FenceLevel, _ volume: VolumeRecord, _ truth: PlatformView,
        _ timing: SessionTiming?
    ) -> Bool {
        switch evidence {
        case .person: return true
        case .power: return level != .person
        case .word(let promises):
            return level != .person && promises.contains { $0.volume == volume.id && $0.epoch >= volume.epoch }
        case .expiry(_, _, let guards, let isPausable):
            guard level == .session, let timing, case .on(let orderedAt) = volume.guardState,
                !isPausable || truth.cells[volume.cell]?.value.trustsPause == true,
                guards.armed.contains(.sentinel), guards.armed.contains(.watcher),
                timing.watchdogMilliseconds == nil || guards.armed.contains(.watchdog)
            else { return false }
            return guards.volumes.contains {
                $0.volume == volume.id && $0.epoch == volume.epoch && $0.ordersRevision >= orderedAt
            }
        }
    }
}

/// For the counters: each must be reached.
public enum EvidenceKind: Int, CaseIterable, Sendable {
    case word, expiry, power, person

    init(_ evidence: FenceEvidence) {
        switch evidence {
        case .word: self = .word
        case .expiry: self = .expiry
        case .power: self = .power
        case .person: self = .person
        }
    }
}

/// Cells are named `c0`, `c1` and so on in the simulation.
func cellNumber(_ cell: CellID) -> Int? { Int(cell.description.dropFirst()) }
