import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules
import Hummingbird

/// Service instances, as Cloud Foundry's clients use them.
struct ServiceInstanceEndpoints: Sendable {
    private static let related: [String: [String]] = [
        "service_plan": ["guid", "name", "relationships.service_offering"],
        "service_plan.service_offering": [
            "guid", "name", "description", "tags", "documentation_url", "relationships.service_broker",
        ], "service_plan.service_offering.service_broker": ["guid", "name"],
        "space": ["guid", "name", "relationships.organization"], "space.organization": ["guid", "name"],
    ]
    private static let spaces: [String: [String]] = [
        "space": ["guid", "name", "relationships.organization"], "space.organization": ["guid", "name"],
    ]

    let platform: Platform

    private var work: ServiceWork { ServiceWork(platform: platform) }

    var endpoints: [Endpoint] {
        [
            .get("/v3/service_instances") { request throws(FoundryError) in try instances(request) },
            .post("/v3/service_instances") { request throws(FoundryError) in try await create(request) },
            .get("/v3/service_instances/:guid") { request throws(FoundryError) in
                let (shapes, instance) = try instance(request)
                return try Answer.json(shapes.instance(instance))
            },
            .patch("/v3/service_instances/:guid") { request throws(FoundryError) in try await change(request) },
            .delete("/v3/service_instances/:guid") { request throws(FoundryError) in
                _ = try QueryReader(request.query, known: [])
                let answer = try await work.delete(try Self.id(request), by: request.caller)
                return Answer.accepted(location: location(answer.job, request))
            },
            .get("/v3/service_instances/:guid/parameters") { request throws(FoundryError) in
                try Answer.json(try instance(request).1.parameters)
            },
            .get("/v3/service_instances/:guid/relationships/shared_spaces") { request throws(FoundryError) in
                let query = try ListQuery(request, filters: Self.spaces.keys.map(IncludedFields.name))
                _ = try IncludedFields(query, known: Self.spaces)
                _ = try ServiceWork.instance(try Self.id(request), platform.view)
                return try Answer.json(SharedSpacesAnswer(href: request.base + request.path))
            },
            .post("/foundry/v1/service_instances/plan") { request throws(FoundryError) in try plan(request) },
        ]
    }

    private func instances(_ request: APIRequest) throws(FoundryError) -> Response {
        let query = try ListQuery(
            request,
            filters: [
                "names", "guids", "type", "space_guids", "organization_guids", "service_plan_guids",
                "service_plan_names", "service_offering_guids", "service_offering_names",
            ] + Self.related.keys.map(IncludedFields.name), orders: ["created_at", "updated_at", "name"])
        let fields = try IncludedFields(query, known: Self.related)
        let shapes = ServiceShapes(base: request.base, platform: platform)
        let view = shapes.view
        let found = view.instances.values.map(\.value).filter { instance in
            query.fits("names", instance.name.description) && query.fits("guids", instance.id.description)
                && query.fits("type", "managed") && query.fits("space_guids", Platform.space)
                && query.fits("organization_guids", Platform.organization)
                && query.fits("service_plan_guids", instance.plan.description)
                && query.fits("service_plan_names", planName(instance, view))
                && query.fits("service_offering_guids", instance.offering.description)
                && query.fits("service_offering_names", instance.release.name.description)
        }
        let page = query.answer(found.map { (key($0, query.order), $0.id.description, shapes.instance($0)) })
        let shown = Set(page.resources.map(\.guid))
        let releases = found.filter { shown.contains($0.id.description) }.compactMap { instance in
            view.releases[instance.release].map { (instance, $0.value) }
        }
        let some = !releases.isEmpty
        let included = IncludedResources(
            organizations: fields.resources("space.organization", some ? [ServiceShapes.organization] : []),
            serviceBrokers: fields.resources(
                "service_plan.service_offering.service_broker", some ? [ServiceShapes.brokerResource] : []),
            serviceOfferings: fields.resources(
                "service_plan.service_offering", releases.map { shapes.included($0.1) }),
            servicePlans: fields.resources("service_plan", releases.map { shapes.included($0.0.plan, of: $0.1) }),
            spaces: fields.resources("space", some ? [ServiceShapes.space] : []))
        return try Answer.json(page.with(included == IncludedResources() ? nil : included))
    }

    private func planName(_ instance: ServiceInstanceRecord, _ view: PlatformView) -> String {
        view.releases[instance.release]?.value.plan(instance.plan)?.name.description ?? ""
    }

    private func key(_ instance: ServiceInstanceRecord, _ order: String) -> String {
        switch order {
        case "name": instance.name.description
        case "updated_at": instance.updatedAt.description
        default: instance.createdAt.description
        }
    }

    private func create(_ request: APIRequest) async throws(FoundryError) -> Response {
        _ = try QueryReader(request.query, known: [])
        var body = try FieldReader(try ManifestJSON.read(request.body), path: "")
        let fields = try ServiceInstanceFields(&body)
        let answer = try await work.provision(try fields.provision(by: request.caller), by: request.caller)
        return Answer.accepted(location: location(answer.job, request))
    }

    private func change(_ request: APIRequest) async throws(FoundryError) -> Response {
        _ = try QueryReader(request.query, known: [])
        let id = try Self.id(request)
        var body = try FieldReader(try ManifestJSON.read(request.body), path: "")
        let fields = try ServiceInstanceFields(&body)
        guard fields.labels.isEmpty, fields.annotations.isEmpty, fields.tags.isEmpty else {
            throw FoundryError(
                .unknownField, "Labels, annotations and tags are given when an instance is made.",
                hint: "leave them out"
            )
        }
        if let name = fields.name {
            try await platform.changes.make { view throws(FoundryError) in
                var generator = SystemRandomNumberGenerator()
                let plan = try ServiceVerbs.rename(
                    try ServiceWork.instance(id, view), to: name, view: view, now: SystemClock.timestamp(),
                    using: &generator)
                return Change(
                    name: plan.name, subject: id.description, writes: plan.writes.map { $0.signed(by: request.caller) },
                    answer: ())
            }
        }
        if let update = fields.update(by: request.caller) {
            let answer = try await work.update(id, update, by: request.caller)
            if answer.standing != .done { return Answer.accepted(location: location(answer.job, request)) }
        }
        let (shapes, instance) = try instance(request)
        return try Answer.json(shapes.instance(instance))
    }

    private func plan(_ request: APIRequest) throws(FoundryError) -> Response {
        _ = try QueryReader(request.query, known: [])
        var body = try FieldReader(try ManifestJSON.read(request.body), path: "")
        let guid = try body.text("guid")
        guard var inner = try body.fields("instance") else {
            throw FoundryError(.badRequest, "instance is missing.", hint: "docs/reference/api.md")
        }
        try body.finish()
        let fields = try ServiceInstanceFields(&inner)
        let view = platform.view
        guard let guid else {
            return try Answer.json(shape(try work.plan(try fields.provision(by: request.caller)), "create", view))
        }
        let id = try Self.id(guid)
        let instance = try ServiceWork.instance(id, view).value
        guard let update = fields.update(by: request.caller) else {
            throw FoundryError(.badRequest, "Nothing is to be changed.", hint: "docs/reference/api.md")
        }
        let answer = try work.plan(id, update)
        return try Answer.json(shape(answer, answer.subject == instance ? "none" : "update", view))
    }

    private func shape(
        _ answer: ServiceWork.InstanceAnswer, _ action: String, _ view: PlatformView
    ) throws(FoundryError) -> PlannedService {
        let instance = answer.subject
        var (app, route) = (view.apps[instance.workload]?.value, view.route(of: instance.workload))
        for write in answer.writes {
            if case .put(.app(let record), _) = write { app = record }
            if case .put(.route(let record), _) = write { route = record }
        }
        guard let spec = app?.spec else {
            throw FoundryError(.serviceBusy, "\(instance.name) is being deleted.", hint: "foundry services")
        }
        let contract = Contract.sentences(for: spec, route: route, configuration: platform.configuration)
        let plan = view.releases[instance.release]?.value.plan(instance.plan)
        return PlannedService(
            name: instance.name.description, action: action, offering: instance.release.name.description,
            plan: plan?.name.description ?? "", version: instance.release.version.description,
            members: spec.instances, memory: spec.memory.bytes, cpuMillicores: spec.cpu.count,
            disk: spec.disk?.size.bytes,
            route: route.map {
                PlanShapes.route(
                    $0, host: platform.host(of: $0.scope) ?? "", isServing: false, isPlanned: action == "create")
            }, contract: PlanShapes.lines(contract), changes: PlanShapes.changes(answer.changes),
            newSentences: action == "create" ? [] : PlanShapes.lines(answer.contract), restarts: answer.restarts)
    }

    private func instance(
        _ request: APIRequest
    ) throws(FoundryError) -> (ServiceShapes, ServiceInstanceRecord) {
        _ = try QueryReader(request.query, known: [])
        let shapes = ServiceShapes(base: request.base, platform: platform)
        return (shapes, try ServiceWork.instance(try Self.id(request), shapes.view).value)
    }

    private static func id(_ request: APIRequest) throws(FoundryError) -> ServiceInstanceID {
        try request.id("guid", or: BindingVerbs.missingInstance)
    }

    private static func id(_ text: String) throws(FoundryError) -> ServiceInstanceID {
        guard let id = ServiceInstanceID(text) else { throw BindingVerbs.missingInstance }
        return id
    }

    private func location(_ job: JobID, _ request: APIRequest) -> String { "\(request.base)/v3/jobs/\(job)" }
}

/// An instance is shared with no other space: there is none.
struct SharedSpacesAnswer: Hashable, Sendable, Codable {
    var data: [Relationship.Guid] = []
    var links: [String: Link]

    init(href: String) { links = ["self": Link(href: href)] }
}
