import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules
import Hummingbird

/// Bindings of apps, and keys.
struct ServiceBindingEndpoints: Sendable {
    private static let longestOverlap = 30 * 86_400

    let platform: Platform

    private var work: ServiceWork { ServiceWork(platform: platform) }

    var endpoints: [Endpoint] {
        [
            .get("/v3/service_credential_bindings") { request throws(FoundryError) in try bindings(request) },
            .post("/v3/service_credential_bindings") { request throws(FoundryError) in try await create(request) },
            .get("/v3/service_credential_bindings/:guid") { request throws(FoundryError) in
                _ = try QueryReader(request.query, known: [])
                let shapes = ServiceShapes(base: request.base, platform: platform)
                return try Answer.json(shapes.binding(try Self.find(request, shapes.view)))
            },
            .delete("/v3/service_credential_bindings/:guid") { request throws(FoundryError) in
                _ = try QueryReader(request.query, known: [])
                let answer = try await work.unbind(try Self.id(request), by: request.caller)
                if answer.standing == .done { return Answer.nothing() }
                return Answer.accepted(location: location(answer.job, request))
            },
            .get("/v3/service_credential_bindings/:guid/details", isSecret: true) { request throws(FoundryError) in
                _ = try QueryReader(request.query, known: [])
                let view = platform.view
                let binding = try Self.find(request, view)
                guard binding.isUsable else {
                    throw FoundryError(
                        .notFound, "The binding has no credentials: it is not ready, or is being removed.",
                        hint: "foundry service-keys NAME")
                }
                let (fields, _) = try ServiceShown(platform: platform).credentials(binding, view)
                return try Answer.json(ServiceBindingDetailsAnswer(credentials: fields.mapValues { WireValue($0) }))
            },
            .get("/v3/service_credential_bindings/:guid/parameters") { request throws(FoundryError) in
                _ = try QueryReader(request.query, known: [])
                return try Answer.json(try Self.find(request, platform.view).parameters)
            },
            .post("/foundry/v1/service_credential_bindings/:guid/actions/rotate") { request throws(FoundryError) in
                try await rotate(request)
            },
        ]
    }

    private func bindings(_ request: APIRequest) throws(FoundryError) -> Response {
        let query = try ListQuery(
            request,
            filters: [
                "app_guids", "app_names", "guids", "include", "names", "service_instance_guids",
                "service_instance_names", "service_offering_guids", "service_offering_names", "service_plan_guids",
                "type",
            ], orders: ["created_at", "updated_at", "name"])
        let include = try IncludedFields.include(query, known: ["app", "service_instance"])
        let shapes = ServiceShapes(base: request.base, platform: platform)
        let view = shapes.view
        let found = view.bindings.values.map(\.value).filter { binding in
            guard binding.state != .revoked, let instance = view.instances[binding.instance]?.value else {
                return false
            }
            return query.fits("app_guids", binding.app?.description ?? "")
                && query.fits("app_names", binding.app.flatMap { view.apps[$0]?.value.name.description } ?? "")
                && query.fits("guids", binding.id.description) && query.fits("names", shapes.name(binding) ?? "")
                && query.fits("service_instance_guids", instance.id.description)
                && query.fits("service_instance_names", instance.name.description)
                && query.fits("service_offering_guids", instance.offering.description)
                && query.fits("service_offering_names", instance.release.name.description)
                && query.fits("service_plan_guids", instance.plan.description)
                && query.fits("type", binding.app == nil ? "key" : "app")
        }
        let page = query.answer(
            found.map { (key($0, shapes, query.order), $0.id.description, shapes.binding($0)) })
        let apps = page.resources.compactMap { AppID($0.foundry.appGuid ?? "") }.compactMap { view.apps[$0]?.value }
        let instances = page.resources.compactMap { $0.relationships["service_instance"]?.data?.guid }
            .compactMap { ServiceInstanceID($0) }.compactMap { view.instances[$0]?.value }
        let included = IncludedResources(
            apps: include.contains("app") ? IncludedFields.unique(apps.map(shapes.included)) : nil,
            serviceInstances: include.contains("service_instance")
                ? IncludedFields.unique(instances.map(shapes.included)) : nil)
        return try Answer.json(page.with(included == IncludedResources() ? nil : included))
    }

    private func key(_ binding: BindingRecord, _ shapes: ServiceShapes, _ order: String) -> String {
        switch order {
        case "name": shapes.name(binding) ?? ""
        case "updated_at": binding.updatedAt.description
        default: binding.createdAt.description
        }
    }

    private func create(_ request: APIRequest) async throws(FoundryError) -> Response {
        _ = try QueryReader(request.query, known: [])
        var body = try FieldReader(try ManifestJSON.read(request.body), path: "")
        let type = try body.text("type")
        let name = try body.text("name")
        let parameters = try body.parameters()
        let (labels, annotations) = try body.metadata()
        var relationships = try body.fields("relationships")
        let instance = try relationships?.guid("service_instance") ?? ""
        let app = try relationships?.guid("app")
        try relationships?.finish()
        try body.finish()
        guard let instance = ServiceInstanceID(instance) else { throw BindingVerbs.missingInstance }
        var bind = BindRequest(
            instance: instance, name: name, parameters: parameters, origin: ServiceOrigin(by: request.caller),
            labels: labels, annotations: annotations)
        switch type {
        case "app":
            guard let id = app.flatMap({ AppID($0) }) else {
                throw FoundryError(.appNotFound, "App not found", hint: "`foundry apps` lists them")
            }
            bind.app = id
        case "key":
            guard app == nil else { throw FoundryError(.badRequest, "A key has no app.", hint: "type: app") }
            guard let name, AppName(name) != nil || Self.isName(name) else { throw Self.keyName }
        default: throw FoundryError(.badRequest, "type must be 'app' or 'key'.", hint: "docs/reference/api.md")
        }
        if let name, !Self.isName(name) { throw Self.keyName }
        let answer = try await work.bind(bind, by: request.caller)
        return Answer.accepted(location: location(answer.job, request))
    }

    private static let keyName = FoundryError(
        .nameInvalid, "A key, and a binding with a name, is called by 1 to 63 of a-z, A-Z, 0-9, hyphens, dots and _.",
        hint: "a name such as reporting")

    /// It becomes a directory of an app's bindings.
    private static func isName(_ text: String) -> Bool {
        (1...63).contains(text.utf8.count) && !text.hasPrefix(".")
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                    || [0x2d, 0x2e, 0x5f].contains(byte)
            }
    }

    private func rotate(_ request: APIRequest) async throws(FoundryError) -> Response {
        _ = try QueryReader(request.query, known: [])
        let id = try Self.id(request)
        var body = try FieldReader(try ManifestJSON.read(request.body), path: "")
        let seconds = try body.integer("overlap_seconds")
        try body.finish()
        guard seconds.map({ (0...Self.longestOverlap).contains($0) }) ?? true else {
            throw FoundryError(.badRequest, "Both are valid for 30 days at most.", hint: "--overlap 1h")
        }
        let view = platform.view
        let old = try ServiceWork.binding(id, view).value
        guard !view.isReplaced(old) else {
            throw FoundryError(
                .bindingTaken, "Another took the place of this one already.", hint: "foundry service-keys NAME")
        }
        let bind = BindRequest(
            instance: old.instance, app: old.app, name: old.name, parameters: old.parameters, predecessor: id,
            overlapMilliseconds: seconds.map { Int64($0) * 1_000 }, origin: ServiceOrigin(by: request.caller),
            labels: old.labels, annotations: old.annotations)
        let answer = try await work.bind(bind, by: request.caller)
        return Answer.accepted(location: location(answer.job, request))
    }

    private static func find(_ request: APIRequest, _ view: PlatformView) throws(FoundryError) -> BindingRecord {
        try ServiceWork.binding(try id(request), view).value
    }

    private static func id(_ request: APIRequest) throws(FoundryError) -> BindingID {
        try request.id("guid", or: BindingVerbs.missing)
    }

    private func location(_ job: JobID, _ request: APIRequest) -> String { "\(request.base)/v3/jobs/\(job)" }
}

extension WireValue {
    fileprivate init(_ value: CredentialValue) {
        switch value {
        case .text(let text): self = .text(text)
        case .number(let number): self = .number(Int64(number))
        }
    }
}
