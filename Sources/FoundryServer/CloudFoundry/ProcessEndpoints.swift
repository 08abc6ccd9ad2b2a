import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules
import Hummingbird

/// Processes: each app has one, of the type `web`, whose guid is the app's.
struct ProcessEndpoints: Sendable {
    let platform: Platform

    var endpoints: [Endpoint] {
        [
            .get("/v3/processes") { request throws(FoundryError) in try list(request, of: nil) },
            .get("/v3/apps/:guid/processes") { request throws(FoundryError) in
                try list(request, of: try platform.app(request, in: platform.view).value.id)
            },
            .get("/v3/processes/:guid") { request throws(FoundryError) in
                try Answer.json(AppShapes(base: request.base).process(try Self.app(request, platform.view).value))
            },
            .patch("/v3/processes/:guid") { request throws(FoundryError) in try await change(request) },
            .get("/v3/processes/:guid/sidecars") { request throws(FoundryError) in
                _ = try Self.app(request, platform.view)
                return try Answer.json(
                    try ListQuery(request).answer([(key: String, guid: String, resource: ProcessAnswer)]()))
            },
            .get("/v3/processes/:guid/stats") { request throws(FoundryError) in
                let view = platform.view
                return try Answer.json(stats(try Self.app(request, view).value, view))
            },
        ]
    }

    private func change(_ request: APIRequest) async throws(FoundryError) -> Response {
        _ = try QueryReader(request.query, known: [])
        let (liveness, readiness) = try ProcessHealth.read(request.body)
        let app: AppRecord = try await platform.changes.make { view throws(FoundryError) in
            var generator = SystemRandomNumberGenerator()
            let plan = try HealthChange.plan(
                try Self.app(request, view), liveness: liveness, readiness: readiness, now: SystemClock.timestamp(),
                using: &generator)
            return Change<AppRecord>(
                name: HealthChange.Plan.transactionName, subject: plan.app.name.description,
                writes: plan.writes.map { $0.signed(by: request.caller) }, answer: plan.app)
        }
        return try Answer.json(AppShapes(base: request.base).process(app))
    }

    static func app(_ request: APIRequest, _ view: PlatformView) throws(FoundryError) -> Revised<AppRecord> {
        let missing = FoundryError(.notFound, "Process not found", hint: "a process has its app's guid")
        let id: AppID = try request.id("guid", or: missing)
        guard let app = view.apps[id] else { throw missing }
        return app
    }

    private func list(_ request: APIRequest, of app: AppID?) throws(FoundryError) -> Response {
        let query = try ListQuery(
            request, filters: ["app_guids", "guids", "space_guids", "organization_guids", "types"])
        let shapes = AppShapes(base: request.base)
        let answers = platform.view.apps.values.map(\.value).filter { one in
            app.map { one.id == $0 } ?? (one.spec.service == nil)
        }.map(shapes.process)
            .filter { process in
                query.fits("app_guids", process.guid) && query.fits("guids", process.guid)
                    && query.fits("space_guids", Platform.space)
                    && query.fits("organization_guids", Platform.organization) && query.fits("types", process.type)
            }
        return try Answer.json(
            query.answer(answers.map { (query.order == "updated_at" ? $0.updatedAt : $0.createdAt, $0.guid, $0) }))
    }

    private func stats(_ app: AppRecord, _ view: PlatformView) -> ProcessStatsAnswer {
        let now = SystemClock.timestamp()
        let sight = platform.usage.look(now: SystemClock.monotonic())
        return ProcessStatsAnswer(
            resources: view.members(of: app.id).map { member in
                let status = view.statuses[member.id]?.value
                let volume = member.volume.flatMap { id in
                    platform.presence.cell(member.cell)?.report.volumes.first { $0.id == id }
                }
                return ProcessStatsAnswer.Entry(
                    index: member.index, state: Self.state(status),
                    uptime: max(0, (status?.startedAt).map { (now - $0) / 1000 } ?? 0),
                    usage: Self.usage(sight.members[member.id], disk: volume?.used, at: now),
                    memQuota: app.spec.memory.bytes, diskQuota: app.spec.disk?.size.bytes ?? 0,
                    host: status?.address ?? "",
                    details: status.flatMap { MemberShapes.reason($0, of: app) })
            })
    }

    /// - Returns: nil when nothing is known.
    private static func usage(
        _ reading: MemberReading?, disk: ByteCount?, at now: Timestamp
    ) -> ProcessStatsAnswer.Usage? {
        let disk = reading?.usage.volume?.used ?? disk
        guard reading != nil || disk != nil else { return nil }
        return .init(
            time: (reading?.at ?? now).description, cpu: reading?.cpuMillicores.map { Double($0) / 1000 },
            mem: reading?.usage.memory?.bytes, disk: disk?.bytes)
    }

    private static func state(_ status: MemberStatus?) -> String {
        switch status?.phase {
        case .healthy, .unhealthy, .unready: "RUNNING"
        case .preparing, .starting: "STARTING"
        case .waiting, .crashed: "CRASHED"
        case .stopping, .stopped, .refused, nil: "DOWN"
        }
    }
}
