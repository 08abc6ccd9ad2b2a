import FoundryClient
import FoundryModel
import FoundryRules
import Hummingbird

/// Where a broker's `dashboard_url` leads: how an instance is, for a browser, or as JSON for those who ask for that. Never a credential.
struct ServicePageEndpoints: Sendable {
    let platform: Platform
    let gate: Gate

    var endpoints: [Endpoint] {
        [
            .get("/services", isOpen: true) { request throws(FoundryError) in
                try answer(request) { caller, _ throws(FoundryError) in
                    let shown = platform.view.instances.values.map(\.value).filter { Self.mayBeSeen($0, by: caller) }
                    return ServicePage(
                        platform: platform,
                        instances: shown.sorted { ($0.name, $0.id) < ($1.name, $1.id) }, isList: true)
                }
            },
            .get("/services/:guid", isOpen: true) { request throws(FoundryError) in
                try answer(request) { caller, request throws(FoundryError) in
                    let id: ServiceInstanceID = try request.id("guid", or: BindingVerbs.missingInstance)
                    let instance = try ServiceWork.instance(id, platform.view).value
                    guard Self.mayBeSeen(instance, by: caller) else { throw BindingVerbs.missingInstance }
                    return ServicePage(platform: platform, instances: [instance], isList: false)
                }
            },
        ]
    }

    private func answer(
        _ request: APIRequest, _ page: (Caller, APIRequest) throws(FoundryError) -> ServicePage
    ) throws(FoundryError) -> Response {
        guard let caller = gate.checkReader(request.authorization) else {
            guard PageEndpoint.isWanted(request) else {
                throw FoundryError(
                    .unauthenticated, "The request carries no token.", hint: "Authorization: Bearer TOKEN")
            }
            return PageEndpoint.question()
        }
        _ = try QueryReader(request.query, known: [])
        let page = try page(caller, request)
        guard PageEndpoint.isWanted(request) else { return try Answer.json(page.document) }
        return PageEndpoint.page { page.html(nonce: $0) }
    }

    /// A client of the broker sees what came through the broker.
    private static func mayBeSeen(_ instance: ServiceInstanceRecord, by caller: Caller) -> Bool {
        !caller.isBroker || instance.origin.isBroker
    }
}
