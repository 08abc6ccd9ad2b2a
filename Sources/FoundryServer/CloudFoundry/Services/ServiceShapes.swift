import FoundryClient
import FoundryModel
import FoundryRules

/// Releases, instances and bindings as Cloud Foundry's resources, with ours beside.
struct ServiceShapes {
    /// The only broker: this platform.
    static let broker = "foundry"
    /// An annotation that holds what `cf create-service -t` gave.
    static let tags = "tags"

    let base: String
    let platform: Platform
    let summaries: AppSummaries

    var view: PlatformView { summaries.view }

    init(base: String, platform: Platform) {
        self.base = base
        self.platform = platform
        summaries = AppSummaries(platform)
    }

    func broker() -> ServiceBrokerAnswer {
        let href = "\(base)/v3/service_brokers/\(Self.broker)"
        return ServiceBrokerAnswer(
            guid: Self.broker, name: Self.broker, url: base, createdAt: platform.createdAt.description,
            links: [
                "self": Link(href: href),
                "service_offerings": Link(href: "\(base)/v3/service_offerings?service_broker_guids=\(Self.broker)"),
            ])
    }

    func offering(_ release: ReleaseRecord) -> ServiceOfferingAnswer {
        let manifest = release.manifest
        let href = "\(base)/v3/service_offerings/\(release.offering)"
        return ServiceOfferingAnswer(
            guid: release.offering.description, name: manifest.name.description, description: manifest.description,
            tags: manifest.tags, documentationUrl: manifest.documentation,
            brokerCatalog: .init(id: release.offering.description), createdAt: release.installedAt.description,
            updatedAt: release.installedAt.description, broker: Self.broker,
            links: [
                "self": Link(href: href),
                "service_plans": Link(href: "\(base)/v3/service_plans?service_offering_guids=\(release.offering)"),
                "service_broker": Link(href: "\(base)/v3/service_brokers/\(Self.broker)"),
            ],
            foundry: .init(
                title: manifest.title, version: manifest.version.description, hasUsers: manifest.binding.hasUsers,
                hasTls: manifest.tls, parameters: manifest.parameters.map(ParameterSummary.init),
                bindingParameters: manifest.binding.parameters.map(ParameterSummary.init)))
    }

    func plan(_ id: PlanID, _ plan: ReleasePlan, of release: ReleaseRecord) -> ServicePlanAnswer {
        let manifest = release.manifest
        let href = "\(base)/v3/service_plans/\(id)"
        let schema = { (isUpdate: Bool) in
            WireValue(BrokerSchema.parameters(manifest.parameters, plan: plan.parameters, isUpdate: isUpdate))
        }
        return ServicePlanAnswer(
            guid: id.description, name: plan.name.description, description: plan.description,
            maintenanceInfo: maintenance(release), brokerCatalog: .init(id: id.description),
            schemas: .init(
                create: schema(false), update: schema(true),
                bind: WireValue(BrokerSchema.parameters(manifest.binding.parameters))),
            createdAt: release.installedAt.description, updatedAt: release.installedAt.description,
            offering: release.offering.description,
            links: [
                "self": Link(href: href), "visibility": Link(href: href + "/visibility"),
                "service_offering": Link(href: "\(base)/v3/service_offerings/\(release.offering)"),
            ], foundry: ReleasePlanSummary(guid: id.description, plan))
    }

    private func maintenance(_ release: ReleaseRecord) -> MaintenanceInfo {
        MaintenanceInfo(
            version: release.manifest.version.description,
            description: "\(release.manifest.title) \(release.manifest.version)")
    }

    func instance(_ instance: ServiceInstanceRecord) -> ServiceInstanceAnswer {
        let href = "\(base)/v3/service_instances/\(instance.id)"
        let release = view.releases[instance.release]?.value
        let newest = view.offering(instance.offering)?.manifest.version
        var metadata = Metadata()
        metadata.labels = instance.labels
        metadata.annotations = instance.annotations.filter { $0.key != Self.tags }
        return ServiceInstanceAnswer(
            guid: instance.id.description, name: instance.name.description,
            tags: instance.annotations[Self.tags]?.split(separator: ",").map(String.init) ?? [],
            dashboardUrl: "\(base)/services/\(instance.id)",
            upgradeAvailable: newest.map { $0 > instance.release.version } ?? false,
            maintenanceInfo: release.map(maintenance)
                ?? MaintenanceInfo(version: instance.release.version.description),
            lastOperation: lastOperation(instance), createdAt: instance.createdAt.description,
            updatedAt: instance.updatedAt.description, metadata: metadata, space: Platform.space,
            plan: instance.plan.description,
            links: [
                "self": Link(href: href), "space": Link(href: "\(base)/v3/spaces/\(Platform.space)"),
                "service_plan": Link(href: "\(base)/v3/service_plans/\(instance.plan)"),
                "parameters": Link(href: href + "/parameters"),
                "shared_spaces": Link(href: href + "/relationships/shared_spaces"),
                "service_credential_bindings": Link(
                    href: "\(base)/v3/service_credential_bindings?service_instance_guids=\(instance.id)"),
            ], foundry: details(instance, release, newest))
    }

    private func details(
        _ instance: ServiceInstanceRecord, _ release: ReleaseRecord?, _ newest: ReleaseVersion?
    ) -> ServiceInstanceAnswer.Details {
        let app = view.apps[instance.workload]?.value
        let summary = app.map(summaries.summary)
        let plan = release?.plan(instance.plan)
        let values = release.map {
            ParameterRule.standing($0.manifest.parameters, given: instance.parameters, plan: plan?.parameters ?? [:])
        }
        let bindings = view.bindings(of: instance.id).map { self.summary($0) }
        let planName = plan?.name.description ?? instance.plan.description
        return ServiceInstanceAnswer.Details(
            offering: instance.release.name.description, plan: planName,
            version: instance.release.version.description, newestVersion: newest?.description,
            appGuid: instance.workload.description, state: summary?.state ?? "deleting", isFounded: instance.isFounded,
            parameters: values ?? instance.parameters, givenParameters: instance.parameters.keys.sorted(),
            restartPolicy: summary?.restartPolicy ?? "", policy: summary?.policy ?? Self.noPolicy,
            memory: summary?.memory ?? 0, disk: summary?.disk, members: summary?.members ?? [],
            route: summary?.route, bindings: bindings, change: summary?.change,
            job: instance.operation.job.description, createdBy: instance.origin.by, context: instance.origin.context)
    }

    /// Of one that is being deleted.
    private static let noPolicy = PolicySummary(
        diskSync: nil, ioPerformance: nil, tolerates: [], fence: "", whenLost: "")

    private func lastOperation(_ instance: ServiceInstanceRecord) -> LastOperation {
        let operation = instance.operation
        var (state, words): (String, String) = ("in progress", "")
        var failure: ErrorExtension?
        switch operation.state {
        case .inProgress:
            let members = view.memberRecords(of: instance.workload)
            let ready = members.count { view.statuses[$0.value.id]?.value.phase == .healthy }
            words = operation.kind == .delete ? "" : "\(ready) of \(members.count) members are ready"
        case .succeeded: state = "succeeded"
        case .failed(let error): (state, words, failure) = ("failed", error.message, Self.wire(error))
        }
        return LastOperation(
            type: operation.kind.rawValue, state: state, description: words,
            createdAt: operation.createdAt.description, updatedAt: operation.updatedAt.description, foundry: failure)
    }

    func binding(_ binding: BindingRecord) -> ServiceBindingAnswer {
        let href = "\(base)/v3/service_credential_bindings/\(binding.id)"
        var (type, state, words) = ("create", "succeeded", "")
        var failure: ErrorExtension?
        switch binding.state {
        case .binding: state = "in progress"
        case .bound, .renewing: break
        case .failed(let error): (state, words, failure) = ("failed", error.message, Self.wire(error))
        case .unbinding, .revoked: (type, state) = ("delete", "in progress")
        }
        var links = [
            "self": Link(href: href), "details": Link(href: href + "/details"),
            "service_instance": Link(href: "\(base)/v3/service_instances/\(binding.instance)"),
        ]
        if let app = binding.app { links["app"] = Link(href: "\(base)/v3/apps/\(app)") }
        var metadata = Metadata()
        metadata.labels = binding.labels
        metadata.annotations = binding.annotations
        return ServiceBindingAnswer(
            guid: binding.id.description, type: binding.app == nil ? "key" : "app", name: name(binding),
            lastOperation: LastOperation(
                type: type, state: state, description: words, createdAt: binding.createdAt.description,
                updatedAt: binding.updatedAt.description, foundry: failure),
            createdAt: binding.createdAt.description, updatedAt: binding.updatedAt.description, metadata: metadata,
            instance: binding.instance.description, app: binding.app?.description, links: links,
            foundry: summary(binding))
    }

    /// One that another took the place of lets it have the name: `reporting~3fa2bc11`.
    func name(_ binding: BindingRecord) -> String? {
        binding.name.map { view.isReplaced(binding) ? "\($0)~\(binding.id.short)" : $0 }
    }

    func summary(_ binding: BindingRecord) -> ServiceBindingSummary {
        ServiceBindingSummary(
            guid: binding.id.description, type: binding.app == nil ? "key" : "app", name: name(binding),
            appGuid: binding.app?.description,
            appName: binding.app.flatMap { view.apps[$0]?.value.name.description }, state: Self.word(binding.state),
            createdAt: WireTime(binding.createdAt), retiresAt: binding.retiresAt.map { WireTime($0) })
    }

    private static func word(_ state: BindingState) -> String {
        switch state {
        case .binding: "binding"
        case .bound: "bound"
        case .renewing: "renewing"
        case .failed: "failed"
        case .unbinding, .revoked: "unbinding"
        }
    }

    private static func wire(_ error: FoundryError) -> ErrorExtension {
        ErrorExtension(code: error.code.rawValue, message: error.message, hint: error.hint, detail: error.detail)
    }
}

// What other resources carry along.
extension ServiceShapes {
    func included(_ release: ReleaseRecord) -> IncludedResource {
        IncludedResource(
            guid: release.offering.description, name: release.manifest.name.description,
            description: release.manifest.description, tags: release.manifest.tags,
            documentationUrl: release.manifest.documentation,
            relationships: ["service_broker": Relationship(guid: Self.broker)])
    }

    func included(_ id: PlanID, of release: ReleaseRecord) -> IncludedResource {
        IncludedResource(
            guid: id.description, name: release.plan(id)?.name.description,
            relationships: ["service_offering": Relationship(guid: release.offering.description)])
    }

    func included(_ instance: ServiceInstanceRecord) -> IncludedResource {
        IncludedResource(
            guid: instance.id.description, name: instance.name.description,
            relationships: ["space": Relationship(guid: Platform.space)])
    }

    func included(_ app: AppRecord) -> IncludedResource {
        IncludedResource(
            guid: app.id.description, name: app.name.description,
            relationships: ["space": Relationship(guid: Platform.space)])
    }

    static let brokerResource = IncludedResource(guid: broker, name: broker)
    static let space = IncludedResource(
        guid: Platform.space, name: "default",
        relationships: ["organization": Relationship(guid: Platform.organization)])
    static let organization = IncludedResource(guid: Platform.organization, name: "default")
}

extension WireValue {
    init(_ node: JSONNode) {
        switch node {
        case .text(let text): self = .text(text)
        case .number(let number): self = .number(Int64(number))
        case .flag(let flag): self = .flag(flag)
        case .list(let items): self = .list(items.map { WireValue($0) })
        case .object(let fields): self = .object(fields.mapValues { WireValue($0) })
        }
    }
}
