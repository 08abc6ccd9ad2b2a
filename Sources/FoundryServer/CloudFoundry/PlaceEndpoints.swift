import FoundryClient
import FoundryModel
import Hummingbird

/// The one organization, its one space, and the addresses at which routes listen.
struct PlaceEndpoints: Sendable {
    let platform: Platform

    var endpoints: [Endpoint] {
        [
            .get("/v3/organizations") { request throws(FoundryError) in try organizations(request) },
            .get("/v3/organizations/:guid") { request throws(FoundryError) in
                try only(request, Platform.organization, "Organization not found")
                return try Answer.json(organization(request))
            },
            .get("/v3/organizations/:guid/domains") { request throws(FoundryError) in
                try only(request, Platform.organization, "Organization not found")
                return try domains(request)
            },
            .get("/v3/spaces") { request throws(FoundryError) in try spaces(request) },
            .get("/v3/spaces/:guid") { request throws(FoundryError) in
                try only(request, Platform.space, "Space not found")
                return try Answer.json(space(request))
            },
            .get("/v3/domains") { request throws(FoundryError) in try domains(request) },
        ]
    }

    private func only(_ request: APIRequest, _ guid: String, _ missing: String) throws(FoundryError) {
        guard request.parameters["guid"] == guid else {
            throw FoundryError(.notFound, missing, hint: "its guid is `default`")
        }
    }

    private func organizations(_ request: APIRequest) throws(FoundryError) -> Response {
        let query = try ListQuery(request, filters: ["names", "guids"], orders: ["created_at", "updated_at", "name"])
        let answer = organization(request)
        let fits = query.fits("names", answer.name) && query.fits("guids", answer.guid)
        return try Answer.json(query.answer(fits ? [(answer.name, answer.guid, answer)] : []))
    }

    private func spaces(_ request: APIRequest) throws(FoundryError) -> Response {
        let query = try ListQuery(
            request, filters: ["names", "guids", "organization_guids"], orders: ["created_at", "updated_at", "name"])
        let answer = space(request)
        let fits =
            query.fits("names", answer.name) && query.fits("guids", answer.guid)
            && query.fits("organization_guids", Platform.organization)
        return try Answer.json(query.answer(fits ? [(answer.name, answer.guid, answer)] : []))
    }

    private func domains(_ request: APIRequest) throws(FoundryError) -> Response {
        let query = try ListQuery(request, filters: ["names", "guids"])
        let answers = platform.domains.map { scope, name in
            DomainAnswer(
                guid: scope.rawValue, name: name, createdAt: platform.createdAt.description,
                links: ["self": Link(href: "\(request.base)/v3/domains/\(scope.rawValue)")])
        }
        return try Answer.json(
            query.answer(
                answers.filter { query.fits("names", $0.name) && query.fits("guids", $0.guid) }.map {
                    ($0.name, $0.guid, $0)
                }))
    }

    private func organization(_ request: APIRequest) -> OrganizationAnswer {
        let href = "\(request.base)/v3/organizations/\(Platform.organization)"
        return OrganizationAnswer(
            guid: Platform.organization, name: "default", createdAt: platform.createdAt.description,
            links: ["self": Link(href: href), "domains": Link(href: href + "/domains")])
    }

    private func space(_ request: APIRequest) -> SpaceAnswer {
        let href = "\(request.base)/v3/spaces/\(Platform.space)"
        return SpaceAnswer(
            guid: Platform.space, name: "default", organization: Platform.organization,
            createdAt: platform.createdAt.description,
            links: [
                "self": Link(href: href),
                "organization": Link(href: "\(request.base)/v3/organizations/\(Platform.organization)"),
                "apply_manifest": Link(href: href + "/actions/apply_manifest", method: "POST"),
            ])
    }
}
