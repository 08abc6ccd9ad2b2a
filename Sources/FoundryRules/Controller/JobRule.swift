import FoundryModel

/// Decides when a job has ended, and how.
enum JobRule {
    /// How long something may fail again and again before the job that waits for it fails.
    static let problemMilliseconds: Int64 = 30_000

    /// Whether what fails again and again has had its time. A record from the future was written by a clock that was ahead, or this one went back: how long
    /// ago that was nobody knows, and nobody waits for it.
    static func isOverdue(since: Timestamp, now: Timestamp) -> Bool {
        let age = now - since
        return (Planted.has(.futureRecordAwaited) ? age : abs(age)) >= problemMilliseconds
    }

    /// - Returns: nil while it goes on.
    static func outcome(
        of job: JobRecord, view: PlatformView, reports: [CellID: CellReport], router: RouterReport?,
        sights: CellSights, now: Timestamp
    ) -> JobState? {
        let record = view.apps[job.app]
        let app = record?.value
        if app != nil, now - job.createdAt >= problemMilliseconds, let lost = lost(job, view, sights) {
            return .failed(lost)
        }
        switch job.operation {
        case .delete: return app == nil ? .complete : nil
        case .stop: return stopped(record, view, reports)
        case .applyManifest, .createService, .updateService:
            // How a change ends is said with its end.
            if let app, app.rollout != nil, app.desired == .started { return nil }
            let outcome = started(job, app, view, router, sights, now)
            return outcome == .complete ? scaled(job, app, view, reports, sights, now) : outcome
        case .start, .restart: return started(job, app, view, router, sights, now)
        case .scale: return scaled(job, app, view, reports, sights, now)
        case .snapshot: return snapshot(job, view)
        case .clone: return cloned(job, app, view, router, sights, now)
        case .rewind: return rewound(job, app, view, router, sights, now)
        case .removeVolume: return removed(job, view)
        case .deleteService: return job.instance.flatMap { view.instances[$0] } == nil ? .complete : nil
        case .createBinding: return bound(job, view)
        case .deleteBinding: return unbound(job, view, reports, now)
        case .removeSnapshot: return job.snapshot.flatMap { view.snapshots[$0] } == nil ? .complete : nil
        }
    }

    /// A member's cell is lost: what the job waits for may come with the cell, with evidence against it, or never; nobody waits for that without knowing.
    private static func lost(_ job: JobRecord, _ view: PlatformView, _ sights: CellSights) -> FoundryError? {
        guard let member = view.members(of: job.app).first(where: { !sights[$0.cell].canHost }) else { return nil }
        return FoundryError(
            .cellLost,
            "\(job.appName)/\(member.index) is on cell \(member.cell.short), which is silent; what was asked for is done when it is back, or another takes over.",
            hint: "foundry why \(job.appName)")
    }

    private static func stopped(
        _ record: Revised<AppRecord>?, _ view: PlatformView, _ reports: [CellID: CellReport]
    ) -> JobState? {
        guard let record else { return .complete }
        let app = record.value
        guard app.desired == .stopped else {
            return .failed(FoundryError(.conflict, "\(app.name) was started or deleted before it had stopped."))
        }
        let isDone = view.members(of: app.id).allSatisfy { member in
            reports[member.cell].map {
                hasStopped(member, since: record.revision, view, $0) && !isSealing(member, view, $0)
            } == true
        }
        return isDone ? .complete : nil
    }

    /// Its cell says so, and follows the order to stop it: what it said before may be of an earlier stop.
    private static func hasStopped(
        _ member: MemberRecord, since revision: Int64, _ view: PlatformView, _ report: CellReport
    ) -> Bool {
        view.isFollowed(revision, by: report)
            && report.members.contains { $0.id == member.id && $0.phase == .stopped }
    }

    private static func isSealing(_ member: MemberRecord, _ view: PlatformView, _ report: CellReport) -> Bool {
        guard let volume = member.volume.flatMap({ view.volumes[$0]?.value }), volume.phase == .held(by: member.id)
        else { return false }
        return VolumeRule.canBeSealed(
            volume, status: report.volumes.first { $0.id == volume.id }, machineID: report.machineID)
    }

    static func started(
        _ job: JobRecord, _ app: AppRecord?, _ view: PlatformView, _ router: RouterReport?, _ sights: CellSights,
        _ now: Timestamp
    ) -> JobState? {
        guard let app, app.desired == .started else {
            return .failed(FoundryError(.conflict, "\(job.appName) was stopped or deleted before it served."))
        }
        let members = view.primaries(of: app.id).prefix(app.spec.instances)
        let states = members.map { started(job, $0, of: app, view, now) }
        for case .failed(let error)? in states { return .failed(error) }
        guard members.count == app.spec.instances else { return unplaced(job, app, view, sights, now) }
        let isDone = states.allSatisfy { $0 == .complete } && isRouted(app, view, router)
        return isDone && !Planted.has(.jobForgotten) ? .complete : nil
    }

    private static func started(
        _ job: JobRecord, _ member: MemberRecord, of app: AppRecord, _ view: PlatformView, _ now: Timestamp
    ) -> JobState? {
        // One that went back with a change runs under an older generation, and serves all the same.
        let wanted = min(job.generation, member.pinned ?? job.generation) + member.turn
        guard let status = view.statuses[member.id]?.value, status.generation >= wanted else { return nil }
        switch status.phase {
        case .healthy: return .complete
        case .crashed: return .failed(crashed(app, member, status))
        case .refused(let error): return .failed(error)
        case .preparing, .starting, .unhealthy, .unready, .stopping, .stopped, .waiting:
            guard let problem = status.problem, now - job.createdAt >= problemMilliseconds else { return nil }
            return .failed(problem)
        }
    }

    static func unplaced(
        _ job: JobRecord, _ app: AppRecord, _ view: PlatformView, _ sights: CellSights, _ now: Timestamp
    ) -> JobState? {
        guard now - job.createdAt >= problemMilliseconds,
            case .failure(let shortage) = Fleet(view, sights: sights).choose(
                PlacementRequest(ofNext: app, view: view, sights: sights))
        else { return nil }
        return .failed(shortage.error)
    }

    /// The router says that the route leads to the target that the records want now.
    static func isRouted(_ app: AppRecord, _ view: PlatformView, _ router: RouterReport?) -> Bool {
        let wanted = view.routerOrders().routes.filter { order in view.route(order.scope, order.port)?.app == app.id }
        return wanted.allSatisfy { order in !order.targets.isEmpty && router?.applied.contains(order) == true }
    }

    private static func crashed(_ app: AppRecord, _ member: MemberRecord, _ status: MemberStatus) -> FoundryError {
        let lines = status.lastExit?.lastLines ?? []
        let name = app.spec.instances == 1 ? "\(app.name)" : "\(app.name)/\(member.index)"
        return FoundryError(
            .appCrashed, "\(name) \(status.lastExit?.reason ?? "ended"), \(status.restarts) times.",
            detail: lines.isEmpty ? nil : lines.joined(separator: "\n"), hint: "foundry logs \(app.name)")
    }
}
