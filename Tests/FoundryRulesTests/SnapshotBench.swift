import FoundryModel
import FoundryRules

/// A platform with an app whose disk is made, and what is asked of its snapshots.
struct SnapshotBench {
    var bench = ControllerBench()

    init(disk: String? = "100M", isMade: Bool = true) throws {
        _ = try bench.push(
            PushRequest(name: "demo", image: "redis", disk: disk, memory: "64M", ephemeral: disk == nil))
        guard isMade else { return }
        _ = bench.cell([try bench.status("demo", .healthy)], volumes: try volumes())
    }

    func volumes() throws -> [VolumeStatus] {
        bench.view.volumes.isEmpty ? [] : [try bench.lying("demo", epoch: 1, mounted: true)]
    }

    func app() throws -> Revised<AppRecord> {
        guard let app = AppName("demo").flatMap({ bench.view.app(named: $0) }) else {
            throw FoundryError(.appNotFound, "demo")
        }
        return app
    }

    /// - Returns: what was asked for, which is in the store.
    @discardableResult
    mutating func take(_ name: String? = nil) throws -> SnapshotPlan {
        let plan = try SnapshotRule.take(
            try app(), name: name, by: "ci", view: bench.view, configuration: bench.configuration, now: bench.wall,
            using: &bench.random)
        _ = bench.write(plan.writes)
        return plan
    }

    func refusal(_ name: String? = nil) -> ErrorCode? {
        var copy = self
        do { try copy.take(name) } catch { return (error as? FoundryError)?.code }
        return nil
    }

    @discardableResult
    mutating func remove(_ id: SnapshotID) throws -> SnapshotPlan {
        guard let snapshot = bench.view.snapshots[id] else { throw FoundryError(.snapshotNotFound, id.description) }
        let plan = try SnapshotRule.remove(
            snapshot, by: "ci", view: bench.view, now: bench.wall, using: &bench.random)
        _ = bench.write(plan.writes)
        return plan
    }

    /// - Parameter snapshots: nil: the cell does not say.
    @discardableResult
    mutating func report(_ snapshots: [SnapshotStatus]?, follows: Int64? = nil) throws -> [ControllerEffectName] {
        var report = bench.report(
            [try bench.status("demo", .healthy)], volumes: try volumes(), follows: follows)
        report.snapshots = snapshots
        return bench.tell(.cellReport(report)).map(\.name)
    }

    func label(_ record: SnapshotRecord, pause: Int64? = 40, lineage: LineageID? = nil) -> SnapshotLabel {
        let source = VolumeLabel(
            volume: record.volume, lineage: lineage ?? record.lineage, branch: 1, epoch: Epoch(1), role: .holder,
            sealed: false, machineID: Samples.machineID, size: .megabytes(120))
        return SnapshotLabel(
            snapshot: record.id, source: source, takenAt: Samples.start, pauseMilliseconds: pause)
    }

    func state(_ id: SnapshotID) -> SnapshotState? { bench.view.snapshots[id]?.value.state }
    func job(_ id: JobID) -> JobState? { bench.view.jobs[id]?.value.state }
    var orders: [SnapshotOrder] { bench.view.cellOrders(for: Samples.cell, term: Term(1)).snapshots }
}
