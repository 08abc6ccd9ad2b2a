import FoundryModel
import FoundryRules

@testable import FoundryServer

/// A cell and a router that do at once what they are ordered to, and say so.
actor Peers {
    static let cell = CellID("c1") ?? { preconditionFailure() }()

    private let platform: Platform
    private var sequence: Int64 = 0
    /// What the members are said to be while they shall run.
    var phase: MemberPhase = .healthy
    var isIdle = false
    private var refusesSnapshots = false
    /// Verbs end in this way; nil: they do not end.
    private var verbs: VerbStatus.Outcome? = .done
    /// From snapshots.
    private var made: Set<VolumeID> = []

    init(_ platform: Platform) { self.platform = platform }

    func set(_ phase: MemberPhase) { self.phase = phase }
    func answerVerbs(_ outcome: VerbStatus.Outcome?) { verbs = outcome }
    func refuseSnapshots() { refusesSnapshots = true }
    /// From now on they say nothing.
    func rest() { isIdle = true }

    func run() async {
        while !Task.isCancelled, !platform.feed.isClosed {
            let revision = platform.feed.edition.revision
            if !isIdle { await obey() }
            await platform.feed.change(after: revision, limit: .seconds(1))
        }
    }

    func obey() async {
        let orders = platform.view.cellOrders(for: Self.cell, term: platform.controller.term.value.term)
        sequence += 1
        let report = CellReport(
            cell: Self.cell, sequence: sequence, ordersRevision: orders.revision, ordersTerm: orders.term,
            capacity: CellCapacity(memory: .gigabytes(16), cpu: Millicores(4000), disk: .gigabytes(100)),
            machineID: "machine", bootID: "boot",
            members: orders.members.map(status), volumes: orders.volumes.compactMap(volume),
            snapshots: orders.snapshots.compactMap(snapshot),
            verbs: verbs.map { outcome in orders.verbs.map { VerbStatus(id: $0.id, outcome: outcome) } } ?? [])
        platform.presence.heard(report, at: Timestamp(millisecondsSince1970: 1))
        await platform.controller.report(report)
        let router = RouterReport(ordersRevision: 1, applied: platform.view.routerOrders().routes, problem: nil)
        platform.presence.heard(router, at: Timestamp(millisecondsSince1970: 1))
        await platform.controller.report(router)
    }

    /// Measures what its members use, in figures of the test's.
    func measure(_ now: MonotonicTime, _ usage: (MemberOrder) -> MemberUsage) throws -> UsageReceipt {
        let orders = platform.view.cellOrders(for: Self.cell, term: platform.controller.term.value.term)
        return try platform.usage.heard(
            CellUsage(cell: Self.cell, members: orders.members.filter(\.run).map(usage)),
            at: Moment(wall: Timestamp(millisecondsSince1970: 1_700_000_000_000), monotonic: now))
    }

    private func status(_ order: MemberOrder) -> MemberStatus {
        MemberStatus(
            id: order.id, generation: order.generation, phase: order.run ? phase : .stopped,
            since: Timestamp(millisecondsSince1970: 1000),
            restarts: 0, lastExit: nil, address: "10.77.3.\(order.slot)", startedAt: nil, pid: nil)
    }

    /// Taken at once, but for those that are refused.
    private func snapshot(_ order: SnapshotOrder) -> SnapshotStatus? {
        guard order.purpose != .delete else { return nil }
        if refusesSnapshots {
            let problem = FoundryError(.timedOut, "Writes would have been held for too long.")
            return SnapshotStatus(id: order.id, label: nil, problem: problem)
        }
        let source = VolumeLabel(
            volume: order.volume, lineage: order.lineage, branch: 1, epoch: Epoch(1), role: .holder, sealed: false,
            machineID: "machine", size: .megabytes(100))
        return SnapshotStatus(
            id: order.id,
            label: SnapshotLabel(
                snapshot: order.id, source: source, takenAt: Timestamp(millisecondsSince1970: 1000),
                pauseMilliseconds: 38))
    }

    private func volume(_ order: VolumeOrder) -> VolumeStatus? {
        let isHeld: Bool
        switch order.purpose {
        case .delete: return nil
        case .keep: isHeld = false
        case .serve, .promote, .follow: isHeld = true
        case .make:
            if refusesSnapshots {
                let problem = FoundryError(.poolFull, "The pool has no room for it.")
                return VolumeStatus(
                    id: order.id, label: nil, mounted: false, refusal: nil, used: nil, problem: problem)
            }
            made.insert(order.id)
            isHeld = false
        }
        guard order.epoch != .none || made.contains(order.id) else { return nil }
        let label = VolumeLabel(
            volume: order.id, lineage: order.lineage, branch: order.branch, epoch: order.epoch, role: .holder,
            sealed: !isHeld,
            machineID: "machine", size: order.size)
        return VolumeStatus(id: order.id, label: label, mounted: isHeld, refusal: nil, used: ByteCount(bytes: 4096))
    }
}
