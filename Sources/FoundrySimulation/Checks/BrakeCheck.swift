import FoundryModel
import FoundryRules

/// Never more cells expire within 3 T than the brake allows: not more than a third of those that count, and no whole zone of several.
struct BrakeCheck {
    private var expiries: [(cell: CellID, at: SimulationTime)] = []
    private var lost: Set<CellID> = []
    /// A person let the fencing go on: what was silent then is fenced at once.
    private var releasedAt: SimulationTime?
    /// Nothing expires while it lasts: what was silent at a release is fenced when it ends.
    private var maintenanceSince: SimulationTime?

    init() {}

    /// The store was restored: who is lost is not known any more.
    mutating func restored() {
        expiries = []
        lost = []
    }

    mutating func commit(_ commit: Commit, truth: PlatformView, timing: SessionTiming?) -> Violation? {
        guard let timing else { return nil }
        for change in commit.changes {
            // The controller's clock may be 2% slow, and it counts from its own sight.
            let window = SimulationDuration.milliseconds(timing.expiryMilliseconds * 3 * 95 / 100)
            if case .cluster(let old)? = change.old, case .cluster(let new)? = change.new {
                note(old, new, at: commit.time, window)
            }
            guard case .session(let new)? = change.new else { continue }
            guard new.state != .alive else {
                lost.remove(new.cell)
                expiries.removeAll { $0.cell == new.cell }
                continue
            }
            guard case .session(let old)? = change.old, old.state == .alive else { continue }
            for past in expiries where commit.time - past.at > window { lost.insert(past.cell) }
            expiries.removeAll { commit.time - $0.at > window }
            // Those are the person's doing.
            guard releasedAt.map({ commit.time - $0 > window }) ?? true else {
                lost.insert(new.cell)
                continue
            }
            expiries.append((new.cell, commit.time))
            if isWordOfPerson(new, commit, truth) { continue }
            if let violation = check(commit, truth) { return violation }
        }
        return nil
    }

    private mutating func note(
        _ old: ClusterRecord, _ new: ClusterRecord, at time: SimulationTime, _ window: SimulationDuration
    ) {
        if old.brake != nil, new.brake == nil { releasedAt = time }
        if new.isInMaintenance, !old.isInMaintenance { maintenanceSince = time }
        guard old.isInMaintenance, !new.isInMaintenance, let since = maintenanceSince else { return }
        maintenanceSince = nil
        if let released = releasedAt, released > since || since - released <= window { releasedAt = time }
    }

    /// A person said that the cell is off. It counts among those that are lost; that it may be one too many is theirs to know.
    private func isWordOfPerson(_ session: SessionRecord, _ commit: Commit, _ truth: PlatformView) -> Bool {
        guard case .expired(let id) = session.state else { return false }
        let written = commit.changes.lazy.compactMap { change in
            if case .fence(let fence)? = change.new, fence.id == id { fence } else { nil as FenceRecord? }
        }
        return (written.first ?? truth.fences[id]?.value)?.hasWordOfPerson == true
    }

    private func check(_ commit: Commit, _ truth: PlatformView) -> Violation? {
        let silent = Set(expiries.map(\.cell))
        guard silent.count > 1 else { return nil }
        let counted = truth.cells.keys.filter { !lost.contains($0) || silent.contains($0) }
        var zones: [String: (all: Int, living: Int)] = [:]
        for cell in counted {
            let zone = truth.cells[cell]?.value.zone ?? ""
            zones[zone, default: (0, 0)].all += 1
            if !silent.contains(cell) { zones[zone, default: (0, 0)].living += 1 }
        }
        let isZoneLost = zones.values.contains { $0.all > 1 && $0.living == 0 }
        guard 3 * silent.count > counted.count || isZoneLost else { return nil }
        return Violation(
            .brakeHolds, at: commit.time,
            "\(silent.count) of \(counted.count) cells expired at once\(isZoneLost ? ", a whole zone among them" : "")")
    }
}
