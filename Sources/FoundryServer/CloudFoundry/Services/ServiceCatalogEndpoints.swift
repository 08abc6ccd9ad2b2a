import FoundryClient
import FoundryModel
import FoundryRules
import Hummingbird

/// Offerings, plans and the one broker, as Cloud Foundry's clients read them.
struct ServiceCatalogEndpoints: Sendable {
    private static let sharing = "service_instance_sharing"
    private static let brokerFields = ["guid", "name"]

    let platform: Platform

    var endpoints: [Endpoint] {
        [
            .get("/v3/service_offerings") { request throws(FoundryError) in try offerings(request) },
            .get("/v3/service_offerings/:guid") { request throws(FoundryError) in
                _ = try QueryReader(request.query, known: [])
                let missing = FoundryError(.offeringNotFound, "Service offering not found", hint: "foundry marketplace")
                let id: OfferingID = try request.id("guid", or: missing)
                let shapes = ServiceShapes(base: request.base, platform: platform)
                guard let release = shapes.view.offering(id) else { throw missing }
                return try Answer.json(shapes.offering(release))
            },
            .get("/v3/service_plans") { request throws(FoundryError) in try plans(request) },
            .get("/v3/service_plans/:guid") { request throws(FoundryError) in
                let (shapes, id, plan, release) = try plan(request)
                return try Answer.json(shapes.plan(id, plan, of: release))
            },
            .get("/v3/service_plans/:guid/visibility") { request throws(FoundryError) in
                _ = try plan(request)
                return try Answer.json(ServicePlanVisibilityAnswer())
            },
            .get("/v3/service_brokers") { request throws(FoundryError) in try brokers(request) },
            .get("/v3/feature_flags/:name") { request throws(FoundryError) in
                _ = try QueryReader(request.query, known: [])
                guard request.parameters["name"] == Self.sharing else {
                    throw FoundryError(.notFound, "Feature flag not found", hint: "there is \(Self.sharing)")
                }
                return try Answer.json(
                    FeatureFlagAnswer(
                        name: Self.sharing, enabled: false,
                        links: ["self": Link(href: "\(request.base)/v3/feature_flags/\(Self.sharing)")]))
            },
        ]
    }

    private func offerings(_ request: APIRequest) throws(FoundryError) -> Response {
        let query = try ListQuery(
            request,
            filters: [
                "available", "guids", "names", "service_broker_guids", "service_broker_names", "space_guids",
                "organization_guids", IncludedFields.name("service_broker"),
            ], orders: ["created_at", "updated_at", "name"])
        let fields = try IncludedFields(query, known: ["service_broker": Self.brokerFields])
        let shapes = ServiceShapes(base: request.base, platform: platform)
        let found = shapes.view.offerings.map(shapes.offering).filter { offering in
            query.fits("names", offering.name) && query.fits("guids", offering.guid) && fitsAll(query)
        }
        let page = query.answer(found.map { ($0.orderKey(query.order), $0.guid, $0) })
        let brokers = fields.resources("service_broker", found.isEmpty ? [] : [ServiceShapes.brokerResource])
        return try Answer.json(page.with(brokers.map { IncludedResources(serviceBrokers: $0) }))
    }

    /// Every offering is there, for everybody, of the one broker.
    private func fitsAll(_ query: ListQuery) -> Bool {
        query.fits("available", "true") && query.fits("service_broker_guids", ServiceShapes.broker)
            && query.fits("service_broker_names", ServiceShapes.broker) && query.fits("space_guids", Platform.space)
            && query.fits("organization_guids", Platform.organization)
    }

    private func plans(_ request: APIRequest) throws(FoundryError) -> Response {
        let brokerPath = "service_offering.service_broker"
        let query = try ListQuery(
            request,
            filters: [
                "available", "guids", "names", "include", "service_broker_guids", "service_broker_names",
                "service_offering_guids", "service_offering_names", "service_instance_guids", "space_guids",
                "organization_guids", IncludedFields.name(brokerPath),
            ], orders: ["created_at", "updated_at", "name"])
        let include = try IncludedFields.include(query, known: ["service_offering", "space.organization"])
        let fields = try IncludedFields(query, known: [brokerPath: Self.brokerFields])
        let shapes = ServiceShapes(base: request.base, platform: platform)
        let used = query.list("service_instance_guids").map { guids in
            Set(guids.compactMap { ServiceInstanceID($0) }.compactMap { shapes.view.instances[$0]?.value.plan })
        }
        var found: [(release: ReleaseRecord, place: Int, answer: ServicePlanAnswer)] = []
        for release in shapes.view.offerings
        where query.fits("service_offering_guids", release.offering.description)
            && query.fits("service_offering_names", release.manifest.name.description) && fitsAll(query)
        {
            for (place, plan) in release.manifest.plans.enumerated() {
                guard let id = release.plans[plan.name.description], query.fits("names", plan.name.description),
                    query.fits("guids", id.description), used.map({ $0.contains(id) }) ?? true
                else { continue }
                found.append((release, place, shapes.plan(id, plan, of: release)))
            }
        }
        // Made at the same time, they come in the order of their release.
        let page = query.answer(
            found.map { ($0.answer.orderKey(query.order), "\($0.release.manifest.name) \(1000 + $0.place)", $0.answer) }
        )
        let offerings = IncludedFields.unique(found.map { shapes.included($0.release) })
        let brokers = fields.resources(brokerPath, found.isEmpty ? [] : [ServiceShapes.brokerResource])
        let included = IncludedResources(
            // Everybody sees every plan: none belongs to a space.
            organizations: include.contains("space.organization") ? [] : nil, serviceBrokers: brokers,
            serviceOfferings: include.contains("service_offering") ? offerings : nil,
            spaces: include.contains("space.organization") ? [] : nil)
        return try Answer.json(page.with(included == IncludedResources() ? nil : included))
    }

    private func plan(
        _ request: APIRequest
    ) throws(FoundryError) -> (ServiceShapes, PlanID, ReleasePlan, ReleaseRecord) {
        _ = try QueryReader(request.query, known: [])
        let missing = FoundryError(.planNotFound, "Service plan not found", hint: "foundry marketplace")
        let id: PlanID = try request.id("guid", or: missing)
        let shapes = ServiceShapes(base: request.base, platform: platform)
        guard let release = shapes.view.offering(with: id), let plan = release.plan(id) else { throw missing }
        return (shapes, id, plan, release)
    }

    private func brokers(_ request: APIRequest) throws(FoundryError) -> Response {
        let query = try ListQuery(
            request, filters: ["names", "space_guids"], orders: ["created_at", "updated_at", "name"])
        let broker = ServiceShapes(base: request.base, platform: platform).broker()
        let fits = query.fits("names", broker.name) && query.list("space_guids") == nil
        return try Answer.json(query.answer(fits ? [(broker.createdAt, broker.guid, broker)] : []))
    }
}

extension Page {
    func with(_ included: IncludedResources?) -> Self {
        var page = self
        page.included = included
        return page
    }
}

extension ServiceOfferingAnswer {
    fileprivate func orderKey(_ order: String) -> String {
        switch order {
        case "name": name
        case "updated_at": updatedAt
        default: createdAt
        }
    }
}

extension ServicePlanAnswer {
    fileprivate func orderKey(_ order: String) -> String {
        switch order {
        case "name": name
        case "updated_at": updatedAt
        default: createdAt
        }
    }
}
