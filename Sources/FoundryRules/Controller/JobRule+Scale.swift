import FoundryModel

extension JobRule {
    /// What runs has the limits, and what is mounted the size; the rest has them when it is started.
    static func scaled(
        _ job: JobRecord, _ app: AppRecord?, _ view: PlatformView, _ reports: [CellID: CellReport],
        _ sights: CellSights, _ now: Timestamp
    ) -> JobState? {
        guard let app, app.desired == .started || app.desired == .stopped else {
            return .failed(FoundryError(.conflict, "\(job.appName) was deleted before it had its new size."))
        }
        guard view.surplus(of: app).isEmpty else { return stuck(job, app, view, reports, now) }
        let isPlaced = view.primaries(of: app.id).count >= app.spec.instances
        guard isPlaced || app.desired == .stopped else { return unplaced(job, app, view, sights, now) }
        let late = view.members(of: app.id).filter {
            !hasRoom($0, app.spec, reports[$0.cell]) || !isSettled($0, job, reports[$0.cell])
        }
        guard !late.isEmpty else { return .complete }
        let problem = late.lazy.compactMap { status(of: $0, reports[$0.cell])?.problem }.first
        guard let problem, now - job.createdAt >= problemMilliseconds else { return nil }
        return .failed(problem)
    }

    /// Members that are too many go in their time, unless the others refuse to do without one.
    private static func stuck(
        _ job: JobRecord, _ app: AppRecord, _ view: PlatformView, _ reports: [CellID: CellReport], _ now: Timestamp
    ) -> JobState? {
        guard isOverdue(since: job.createdAt, now: now) else { return nil }
        return view.primaries(of: app.id).lazy.compactMap { member -> JobState? in
            guard case .asked(let verb) = member.leave, case .failed(let error)? = reports.outcome(of: verb, in: nil)
            else { return nil }
            return .failed(error)
        }.first
    }

    private static func hasRoom(_ member: MemberRecord, _ spec: WorkloadSpec, _ report: CellReport?) -> Bool {
        guard let report else { return false }
        if let limits = status(of: member, report)?.limits, limits != spec.limits { return false }
        guard let size = spec.disk?.size, let volume = report.volumes.first(where: { $0.id == member.volume }),
            volume.mounted, let label = volume.label
        else { return true }
        return label.size >= size
    }

    /// One that is restarted for it has come to something.
    private static func isSettled(_ member: MemberRecord, _ job: JobRecord, _ report: CellReport?) -> Bool {
        guard let status = status(of: member, report),
            status.generation >= min(job.generation, member.pinned ?? job.generation)
        else { return false }
        return switch status.phase {
        case .preparing, .starting, .stopping: false
        case .healthy, .unhealthy, .unready, .stopped, .waiting, .crashed, .refused: true
        }
    }

    private static func status(of member: MemberRecord, _ report: CellReport?) -> MemberStatus? {
        report?.members.first { $0.id == member.id }
    }
}
