import FoundryClient
import FoundryModel

/// What a client asks first: where things are.
struct RootEndpoints: Sendable {
    let page: PageEndpoint

    /// Of Cloud Foundry's v3 API, as far as we speak it.
    private static let apiVersion = "3.180.0"

    var endpoints: [Endpoint] {
        [
            .get("/", isOpen: true) { request throws(FoundryError) in
                PageEndpoint.isWanted(request) ? try await page.answer(request) : try Answer.json(root(request))
            },
            .get("/v3", isOpen: true) { request throws(FoundryError) in try Answer.json(v3(request)) },
            .get("/v3/info", isOpen: true) { request throws(FoundryError) in try Answer.json(info(request)) },
        ]
    }

    /// Parts of Cloud Foundry that are not there are null, as its own root has them.
    private func root(_ request: APIRequest) -> RootAnswer {
        RootAnswer(links: [
            "self": Link(href: request.base),
            "cloud_controller_v2": nil as Link?,
            "cloud_controller_v3": Link(href: request.base + "/v3", meta: LinkMeta(version: Self.apiVersion)),
            "foundry": Link(href: request.base + "/foundry/v1", meta: LinkMeta(version: Platform.version)),
            "login": nil as Link?, "uaa": nil as Link?, "routing": nil as Link?, "logging": nil as Link?,
            "log_cache": nil as Link?,
        ])
    }

    private func v3(_ request: APIRequest) -> RootAnswer {
        var links: [String: Link?] = ["self": Link(href: request.base + "/v3")]
        for name in [
            "apps", "audit_events", "domains", "info", "jobs", "organizations", "processes", "routes",
            "service_brokers", "service_credential_bindings", "service_instances", "service_offerings",
            "service_plans", "spaces",
        ] {
            links[name] = Link(href: request.base + "/v3/" + name)
        }
        return RootAnswer(links: links)
    }

    private func info(_ request: APIRequest) -> InfoAnswer {
        InfoAnswer(
            name: "Service Foundry", build: Platform.version, version: 3, osbapiVersion: nil,
            description: "Data services that keep their data", links: ["self": Link(href: request.base + "/v3/info")])
    }
}
