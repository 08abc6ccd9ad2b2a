import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules
import Hummingbird

/// Push: a manifest is applied as a whole, or planned without changing anything.
struct ManifestEndpoints: Sendable {
    /// Registries are asked.
    private static let limit = Duration.seconds(90)

    let platform: Platform

    var endpoints: [Endpoint] {
        [
            .post("/v3/spaces/:guid/actions/apply_manifest", limit: Self.limit) { request throws(FoundryError) in
                try await apply(request)
            },
            .post("/foundry/v1/spaces/:guid/plan", limit: Self.limit) { request throws(FoundryError) in
                try await plan(request)
            },
        ]
    }

    private func apply(_ request: APIRequest) async throws(FoundryError) -> Response {
        let applications = try await applications(request)
        defer { withExtendedLifetime(applications) {} }
        let job = try await platform.changes.make { view throws(FoundryError) in
            let plans = try plans(applications, view)
            let (job, writes) = ManifestPlan.grouped(plans)
            return Change(
                name: PushPlan.transactionName, subject: plans.map(\.app.name.description).joined(separator: ","),
                writes: writes.map { $0.signed(by: request.caller) }, answer: job)
        }
        return Answer.accepted(location: "\(request.base)/v3/jobs/\(job)")
    }

    private func plan(_ request: APIRequest) async throws(FoundryError) -> Response {
        let applications = try await applications(request)
        let plans = try plans(applications, platform.view)
        return try Answer.json(
            PlanAnswer(
                applications: zip(applications, plans).map { application, plan in
                    PlanShapes.app(plan, alias: application.alias, host: { platform.host(of: $0) ?? "" })
                }))
    }

    private func plans(
        _ applications: [ManifestPlan.Application], _ view: PlatformView
    ) throws(FoundryError) -> [PushPlan] {
        let usage = platform.usage.look(now: SystemClock.monotonic())
        return try ManifestPlan.make(applications, view: view, configuration: platform.configuration) { app in
            usage.memory(of: app, view)
        }
    }

    private func applications(_ request: APIRequest) async throws(FoundryError) -> [ManifestPlan.Application] {
        _ = try QueryReader(request.query, known: [])
        guard request.parameters["guid"] == Platform.space else {
            throw FoundryError(.notFound, "Space not found", hint: "its guid is `default`")
        }
        var applications: [ManifestPlan.Application] = []
        for push in try ManifestReader.read(request.body, contentType: request.contentType, domains: platform.domains) {
            let found = try await platform.images.resolve(push.image)
            applications.append(
                .init(request: push, image: found.image, alias: found.alias, token: found.token))
        }
        return applications
    }
}

/// All applications of a manifest, planned together: each sees what those before it would make.
enum ManifestPlan {
    struct Application: Sendable {
        var request: PushRequest
        var image: ResolvedImage
        var alias: AliasSummary?
        /// Keeps the image here until the app's record is written.
        var token: ImageUse.Token?
    }

    /// - Throws: what is wrong with the first application that has something wrong.
    static func make(
        _ applications: [Application], view: PlatformView, configuration: PlatformConfiguration,
        used: (AppID) -> ByteCount?
    ) throws(FoundryError) -> [PushPlan] {
        var view = view
        var generator = SystemRandomNumberGenerator()
        let now = SystemClock.timestamp()
        var plans: [PushPlan] = []
        for application in applications {
            let plan = try PushPlanner.plan(
                application.request, image: application.image, view: view, configuration: configuration, now: now,
                used: used, using: &generator)
            guard !plans.contains(where: { $0.app.name == plan.app.name }) else {
                throw FoundryError(
                    .nameTaken, "App with the name '\(plan.app.name)' stands twice in the manifest.",
                    hint: "name: each app its own")
            }
            for write in plan.writes { write.apply(to: &view) }
            plans.append(plan)
        }
        return plans
    }

    /// The writes of all, with jobs that are named as one group. They give their names together: that is written once.
    static func grouped(_ plans: [PushPlan]) -> (job: JobID, writes: [RecordWrite]) {
        let first = plans[0].job.id
        var givesNames = false
        let writes = plans.enumerated().flatMap { place, plan in
            plan.writes.compactMap { write -> RecordWrite? in
                if case .put(.names, _) = write {
                    defer { givesNames = true }
                    return givesNames ? nil : write
                }
                guard case .put(.job(var job), let expects) = write, let id = JobGroup.id(first, place) else {
                    return write
                }
                job.id = id
                return .put(.job(job), expects: expects)
            }
        }
        return (first, writes)
    }
}
