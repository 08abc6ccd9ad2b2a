import FoundryModel
import FoundryRules

/// A platform with an app whose cell does at once what it is ordered, step by step.
struct RewindBench {
    var bench = ControllerBench()
    var labels: [VolumeID: VolumeLabel] = [:]
    var snapshots: [SnapshotID: SnapshotLabel] = [:]
    /// Why nothing can be made from snapshots.
    var problem: FoundryError?
    /// What keeps snapshots from being taken.
    var refusal: FoundryError?
    /// Those that shall go are not gone yet.
    var keepsSnapshots = false
    /// Members that do not stop.
    var stays = false
    /// Of volumes that were there, and are not any more.
    var lost: Set<VolumeID> = []

    /// Verbs that were run, and how the next ones go; nil: they do not end.
    var ran: [VerbOrder] = []
    var outcome: VerbStatus.Outcome? = .done
    /// What members do; else they are healthy.
    var phases: [Int: MemberPhase] = [:]

    init(disk: String? = "100M", instances: Int? = nil, isReady: Bool = true) throws {
        _ = try bench.push(
            PushRequest(
                name: "demo", image: "redis", instances: instances, disk: disk, memory: "64M", ephemeral: disk == nil))
        if isReady { settle() }
    }

    /// Without an app.
    init(empty: ()) {}

    var view: PlatformView { bench.view }
    var app: Revised<AppRecord> { get throws { try app("demo") } }

    func app(_ name: String) throws -> Revised<AppRecord> {
        guard let app = AppName(name).flatMap({ view.app(named: $0) }) else { throw FoundryError(.appNotFound, name) }
        return app
    }

    /// That the app's only member has.
    func volume(of name: String = "demo") throws -> VolumeRecord {
        guard let volume = view.members(of: try app(name).value.id).first?.volume.flatMap({ view.volumes[$0]?.value })
        else { throw FoundryError(.volumeNotFound, name) }
        return volume
    }

    var orders: CellOrders { view.cellOrders(for: Samples.cell, term: Term(1)) }
    func job(_ id: JobID) -> JobState? { view.jobs[id]?.value.state }
    var kinds: [EventName] { view.events.map(\.kind) }

    // What the cell does

    /// Does what is ordered and says so, until nothing follows from that any more.
    ///
    /// - Returns: what the controller did.
    @discardableResult
    mutating func settle() -> [ControllerEffectName] {
        var all: [ControllerEffectName] = []
        for _ in 0..<20 {
            let next = step()
            if next.isEmpty { return all }
            all += next
        }
        return all
    }

    @discardableResult
    mutating func step() -> [ControllerEffectName] {
        let orders = orders
        for order in orders.snapshots { follow(order) }
        for order in orders.volumes { follow(order) }
        var report = bench.report(
            orders.members.map(status), volumes: orders.volumes.compactMap(lying), follows: orders.revision)
        report.snapshots = orders.snapshots.compactMap(lying)
        report.verbs = orders.verbs.compactMap { run($0) }
        return (bench.tell(.cellReport(report)) + bench.route()).map(\.name)
    }

    private mutating func follow(_ order: SnapshotOrder) {
        switch order.purpose {
        case .take:
            guard refusal == nil, let source = labels[order.volume], snapshots[order.id] == nil else { return }
            snapshots[order.id] = SnapshotLabel(
                snapshot: order.id, source: source, takenAt: bench.wall, pauseMilliseconds: 40)
        case .keep: break
        case .delete: if !keepsSnapshots { snapshots[order.id] = nil }
        }
    }

    private mutating func follow(_ order: VolumeOrder) {
        func label(_ epoch: Epoch, sealed: Bool) -> VolumeLabel {
            VolumeLabel(
                volume: order.id, lineage: order.lineage, branch: order.branch, epoch: epoch, role: .holder,
                sealed: sealed, machineID: Samples.machineID, size: order.size)
        }
        guard !lost.contains(order.id) else { return labels[order.id] = nil }
        switch order.purpose {
        case .make: if problem == nil, labels[order.id] == nil { labels[order.id] = label(.none, sealed: true) }
        case .serve, .promote, .follow: labels[order.id] = label(order.epoch, sealed: false)
        case .keep: if !stays { labels[order.id]?.sealed = true }
        case .delete: labels[order.id] = nil
        }
    }

    private func status(_ order: MemberOrder) -> MemberStatus {
        let runs = order.run || stays
        return MemberStatus(
            id: order.id, generation: order.generation, phase: runs ? phase(order) : .stopped, since: Samples.start,
            restarts: 0, lastExit: nil, address: "10.77.3.\(order.slot)", startedAt: runs ? Samples.start : nil,
            pid: runs ? 101 : nil)
    }

    private func phase(_ order: MemberOrder) -> MemberPhase {
        order.name.split(separator: "/").last.flatMap { Int($0) }.flatMap { phases[$0] } ?? .healthy
    }

    private mutating func run(_ order: VerbOrder) -> VerbStatus? {
        if !ran.contains(where: { $0.id == order.id }) { ran.append(order) }
        return outcome.map { VerbStatus(id: order.id, outcome: $0, place: order.place) }
    }

    private func lying(_ order: VolumeOrder) -> VolumeStatus? {
        guard let label = labels[order.id] else {
            guard case .make = order.purpose else { return nil }
            return VolumeStatus(
                id: order.id, label: nil, mounted: false, refusal: nil, used: nil, problem: problem)
        }
        return VolumeStatus(id: order.id, label: label, mounted: !label.sealed, refusal: nil, used: nil)
    }

    private func lying(_ order: SnapshotOrder) -> SnapshotStatus? {
        if let label = snapshots[order.id] { return SnapshotStatus(id: order.id, label: label) }
        guard order.purpose != .delete else { return nil }
        return SnapshotStatus(id: order.id, label: nil, problem: refusal)
    }

    // What people ask for

    /// - Parameter settles: until it is taken.
    mutating func snapshot(_ name: String? = nil, settles: Bool = true) throws -> SnapshotID {
        let plan = try SnapshotRule.take(
            try app, name: name, by: "ci", view: view, configuration: bench.configuration, now: bench.wall,
            using: &bench.random)
        _ = bench.write(plan.writes)
        if settles { settle() }
        return plan.record.id
    }

    @discardableResult
    mutating func clone(
        _ name: String = "copy", of source: String = "demo", from snapshot: SnapshotID? = nil, port: Int? = nil
    ) throws -> ClonePlan {
        let plan = try CloneRule.plan(
            try app(source), CloneRequest(name: name, snapshot: snapshot, port: port), by: "ci", view: view,
            configuration: bench.configuration, now: bench.wall, using: &bench.random)
        _ = bench.write(plan.writes)
        return plan
    }

    @discardableResult
    mutating func rewind(to target: RewindTarget, insteadOf: VolumeID? = nil) throws -> RewindPlan {
        let plan = try RewindRule.plan(
            try app, to: target, insteadOf: insteadOf, by: "ci", view: view, configuration: bench.configuration,
            now: bench.wall, using: &bench.random)
        _ = bench.write(plan.writes)
        return plan
    }

    @discardableResult
    mutating func remove(_ id: VolumeID, purge: Bool = false) throws -> VolumeRemovalPlan {
        guard let volume = view.volumes[id] else { throw FoundryError(.volumeNotFound, id.description) }
        let plan = try KeptVolumeRule.remove(
            volume, purge: purge, graceDays: 7, by: "ci", now: bench.wall, using: &bench.random)
        _ = bench.write(plan.writes)
        return plan
    }

    @discardableResult
    mutating func remove(snapshot id: SnapshotID) throws -> SnapshotPlan {
        guard let snapshot = view.snapshots[id] else { throw FoundryError(.snapshotNotFound, id.description) }
        let plan = try SnapshotRule.remove(snapshot, by: "ci", view: view, now: bench.wall, using: &bench.random)
        _ = bench.write(plan.writes)
        return plan
    }

    /// One more snapshot of the app, as a record alone.
    func snapshotRecord(size: ByteCount) throws -> SnapshotRecord {
        let volume = try volume()
        return SnapshotRecord(
            id: SnapshotID("more")!, name: SnapshotName("more")!, app: volume.app, appName: volume.appName,
            volume: volume.id, cell: volume.cell, lineage: volume.lineage, size: size, state: .asked,
            createdAt: bench.wall, createdBy: "ci")
    }

    /// The code with which something is refused; nil when it is not. Nothing changes.
    func refusal(of verb: (inout Self) throws -> Void) -> ErrorCode? {
        var copy = self
        do { try verb(&copy) } catch { return (error as? FoundryError)?.code }
        return nil
    }
}
