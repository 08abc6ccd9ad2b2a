import FoundryClient
import FoundryModel
import FoundryRules
import Hummingbird

/// What Cloud Foundry has no word for: volumes, images, why, status.
struct OperatorEndpoints: Sendable {
    let platform: Platform

    var endpoints: [Endpoint] {
        [
            .get("/foundry/v1/apps") { request throws(FoundryError) in
                try plain(request)
                return try Answer.json(ListAnswer(resources: AppSummaries(platform).all))
            },
            .get("/foundry/v1/apps/:guid") { request throws(FoundryError) in
                try plain(request)
                let summaries = AppSummaries(platform)
                return try Answer.json(summaries.summary(try platform.app(request, in: summaries.view).value))
            },
            .get("/foundry/v1/apps/:guid/why") { request throws(FoundryError) in try await why(request) },
            .get("/foundry/v1/apps/:guid/credentials", isSecret: true) { request throws(FoundryError) in
                try Answer.json(try await Credentials(platform: platform).read(request))
            },
            .get("/foundry/v1/volumes") { request throws(FoundryError) in try volumes(request) },
            .get("/foundry/v1/images") { request throws(FoundryError) in
                try plain(request)
                return try Answer.json(ListAnswer(resources: platform.images.summaries(apps: platform.apps)))
            },
            .get("/foundry/v1/aliases") { request throws(FoundryError) in
                try plain(request)
                return try Answer.json(ListAnswer(resources: platform.images.aliases()))
            },
            .get("/foundry/v1/status") { request throws(FoundryError) in
                try plain(request)
                return try Answer.json(await PlatformStatus(platform: platform).answer())
            },
        ]
    }

    private func plain(_ request: APIRequest) throws(FoundryError) { _ = try QueryReader(request.query, known: []) }

    private func why(_ request: APIRequest) async throws(FoundryError) -> Response {
        try plain(request)
        let view = platform.view
        let app = try platform.app(request, in: view).value
        let lines =
            Why.explain(app.id, view: view, router: platform.presence.router?.report)
            + (await platform.controller.reasons(of: app.id))
        return try Answer.json(
            WhyAnswer(
                guid: app.id.description, name: app.name.description,
                lines: lines.map { .init(text: "\($0.subject) \($0.text)", hint: $0.hint) }))
    }

    private func volumes(_ request: APIRequest) throws(FoundryError) -> Response {
        try plain(request)
        let view = platform.view
        let volumes = view.volumes.values.map(\.value).sorted {
            ($0.appName, $0.createdAt, $0.id) < ($1.appName, $1.createdAt, $1.id)
        }
        return try Answer.json(
            ListAnswer(resources: volumes.map { MemberShapes.volume($0, in: view, presence: platform.presence) }))
    }
}
