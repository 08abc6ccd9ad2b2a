import FoundryClient
import FoundryModel
import Hummingbird

/// Events, as Cloud Foundry's clients read them.
struct EventEndpoints: Sendable {
    let platform: Platform

    var endpoints: [Endpoint] {
        [.get("/v3/audit_events") { request throws(FoundryError) in try events(request) }]
    }

    private func events(_ request: APIRequest) throws(FoundryError) -> Response {
        let query = try ListQuery(request, filters: ["types", "target_guids", "space_guids", "organization_guids"])
        let shapes = AppShapes(base: request.base)
        let answers = platform.view.events.map { ($0.time, shapes.event($0)) }.filter { _, event in
            query.fits("types", event.type) && query.fits("target_guids", event.target.guid)
                && query.fits("space_guids", Platform.space)
                && query.fits("organization_guids", Platform.organization)
        }
        return try Answer.json(query.answer(answers.map { (WireTime($0).description, $1.guid, $1) }))
    }
}
