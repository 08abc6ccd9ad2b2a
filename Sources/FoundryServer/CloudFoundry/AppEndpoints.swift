import FoundryClient
import FoundryModel
import FoundryRules
import Hummingbird

/// Apps, their processes and routes, as Cloud Foundry's clients read them.
struct AppEndpoints: Sendable {
    let platform: Platform

    var endpoints: [Endpoint] {
        [
            .get("/v3/apps") { request throws(FoundryError) in try apps(request) },
            .get("/v3/apps/:guid") { request throws(FoundryError) in
                _ = try QueryReader(request.query, known: [])
                return try Answer.json(
                    AppShapes(base: request.base).app(try platform.app(request, in: platform.view).value))
            },
            .get("/v3/apps/:guid/routes") { request throws(FoundryError) in
                let view = platform.view
                return try routes(request, of: try platform.app(request, in: view).value.id, view)
            },
            .get("/v3/apps/:guid/droplets/current") { request throws(FoundryError) in
                _ = try platform.app(request, in: platform.view)
                // There are none: clients look for these words, and go on.
                throw FoundryError(.notFound, "Droplet not found", hint: "an app runs its image as it is")
            },
            .get("/v3/routes") { request throws(FoundryError) in try routes(request, of: nil, platform.view) },
        ]
    }

    private func apps(_ request: APIRequest) throws(FoundryError) -> Response {
        let query = try ListQuery(
            request, filters: ["names", "guids", "space_guids", "organization_guids", "states"],
            orders: ["created_at", "updated_at", "name", "state"])
        let shapes = AppShapes(base: request.base)
        let answers = platform.view.apps.values.filter { $0.value.spec.service == nil }.map { shapes.app($0.value) }
            .filter {
                app in
                query.fits("names", app.name) && query.fits("guids", app.guid)
                    && query.fits("space_guids", Platform.space)
                    && query.fits("organization_guids", Platform.organization) && query.fits("states", app.state)
            }
        return try Answer.json(query.answer(answers.map { (key($0, query.order), $0.guid, $0) }))
    }

    private func key(_ app: AppAnswer, _ order: String) -> String {
        switch order {
        case "name": app.name
        case "state": app.state
        case "updated_at": app.updatedAt
        default: app.createdAt
        }
    }

    private func routes(_ request: APIRequest, of app: AppID?, _ view: PlatformView) throws(FoundryError) -> Response {
        let query = try ListQuery(
            request,
            filters: [
                "app_guids", "domain_guids", "space_guids", "organization_guids", "guids", "hosts", "paths", "ports",
            ])
        let shapes = AppShapes(base: request.base)
        let answers = view.routes.values.map(\.value).filter { app == nil || $0.app == app }.map { route in
            (route, shapes.route(route, host: platform.host(of: route.scope) ?? ""))
        }.filter { route, answer in
            query.fits("app_guids", route.app.description) && query.fits("domain_guids", route.scope.rawValue)
                && query.fits("space_guids", Platform.space) && query.fits("organization_guids", Platform.organization)
                && query.fits("guids", answer.guid) && query.fits("hosts", "") && query.fits("paths", "")
                && query.fits("ports", "\(route.port)")
        }
        return try Answer.json(
            query.answer(answers.map { (query.order == "updated_at" ? $1.updatedAt : $1.createdAt, $1.guid, $1) }))
    }
}
