import FoundryModel

/// The verbs of those who use services. Each is planned on what is known, and its transaction compares that.
public enum ServiceVerbs {
    /// Instances of one platform.
    public static let mostInstances = 5_000

    /// A new instance: its record, its workload, its route and a job, in one transaction.
    ///
    /// The same request again is answered by how far the first one is.
    /// - Throws: `plan_not_found`, `name_invalid`, `service_taken`, `parameter_invalid`, and what a push of such a workload throws.
    public static func provision(
        _ request: ProvisionRequest, view: PlatformView, configuration: PlatformConfiguration, now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> ServiceAnswer<ServiceInstanceRecord> {
        if let id = request.id, let there = view.instances[id]?.value { return try again(request, there) }
        guard let release = view.offering(with: request.plan), let plan = release.plan(request.plan) else {
            throw FoundryError(.planNotFound, "No offering has this plan.", hint: "foundry marketplace")
        }
        guard view.instances.count < mostInstances else {
            throw FoundryError(.capacityShort, "There are \(mostInstances) instances, and no room for more.")
        }
        let id = request.id ?? .random(using: &generator)
        let name = try name(request, id, release, view)
        let spec = try ServiceSpecRule.spec(
            id, name: name, release: release, plan: plan, parameters: request.parameters, wishes: request.wishes)
        let app = AppRecord(
            id: .random(using: &generator), name: name, spec: spec, desired: .started, generation: 1, createdAt: now,
            updatedAt: now)
        try InstanceRoom(view).require(app, using: &generator)
        let route = RouteRecord(
            id: .random(using: &generator), app: app.id, scope: .loopback,
            port: try PortRule.choose(nil, scope: .loopback, view: view, configuration: configuration.routes),
            targetPort: release.manifest.port, createdAt: now)
        let job = job(.createService, app, id, now, &generator)
        let instance = ServiceInstanceRecord(
            id: id, name: name, workload: app.id, offering: release.offering, release: release.id, plan: request.plan,
            parameters: request.parameters, wishes: request.wishes,
            secrets: try secrets(release.manifest, request.certificate, &generator),
            operation: ServiceOperation(kind: .create, job: job.id, createdAt: now, updatedAt: now),
            origin: request.origin, labels: request.labels, annotations: request.annotations, createdAt: now,
            updatedAt: now)
        let words = "was asked for: \(release.manifest.name) \(plan.name)"
        return ServiceAnswer(
            subject: instance, standing: .begun, job: job.id,
            contract: Contract.sentences(for: spec, route: route, configuration: configuration),
            writes: [
                NameRule.given(view), .put(.instance(instance), expects: .absent), .put(.app(app), expects: .absent),
                .put(.route(route), expects: .absent), .put(.job(job), expects: .absent),
                event(.serviceCreated, instance, words, now, &generator),
            ], transactionName: "service.create")
    }

    /// What was asked for is there, or on its way; or it is something else that has the id.
    private static func again(
        _ request: ProvisionRequest, _ there: ServiceInstanceRecord
    ) throws(FoundryError) -> ServiceAnswer<ServiceInstanceRecord> {
        let isSame =
            there.plan == request.plan && there.parameters == request.parameters && there.wishes == request.wishes
            && (request.name == nil || request.name == there.name.description)
        guard isSame, there.operation.kind != .delete else {
            throw FoundryError(
                .serviceTaken, "A service instance of this id exists, and is another one.", hint: "foundry services")
        }
        let standing: ServiceAnswer<ServiceInstanceRecord>.Standing
        switch (there.operation.kind, there.operation.state) {
        case (.create, .inProgress): standing = .inProgress
        case (.create, .failed(let error)): throw error
        case (.create, .succeeded), (.update, _), (.delete, _): standing = .done
        }
        return ServiceAnswer(
            subject: there, standing: standing, job: there.operation.job, transactionName: "service.create")
    }

    /// What an instance is going to be called: as it was asked for, or after its offering and its id.
    ///
    /// - Throws: `name_invalid`, `service_taken`.
    public static func name(
        _ request: ProvisionRequest, _ id: ServiceInstanceID, _ release: ReleaseRecord, _ view: PlatformView
    ) throws(FoundryError) -> AppName {
        let text = request.name ?? madeName(id, release, view)
        guard let name = AppName(text) else {
            throw FoundryError(
                .nameInvalid,
                "'\(text.prefix(80))' is not a name: a-z, 0-9 and hyphens, beginning with a letter, at most 63.",
                hint: "a name such as orders-db")
        }
        try refuseTaken(name, view)
        return name
    }

    /// Ids may begin alike: the second of them gets a number made of the whole id.
    private static func madeName(_ id: ServiceInstanceID, _ release: ReleaseRecord, _ view: PlatformView) -> String {
        let plain = id.description.filter { $0 != "." && $0 != "-" }.prefix(12)
        let short = "\(release.manifest.name.description.prefix(40))-\(plain)"
        guard let name = AppName(short), isTaken(name, view) else { return short }
        // FNV-1a.
        let number = id.description.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
        return "\(short)-\(String(number, radix: 16))"
    }

    private static func isTaken(_ name: AppName, _ view: PlatformView) -> Bool {
        view.instance(named: name) != nil || view.app(named: name) != nil
    }

    static func refuseTaken(_ name: AppName, _ view: PlatformView) throws(FoundryError) {
        guard !isTaken(name, view) else {
            throw FoundryError(
                .serviceTaken, "An app or a service instance is called '\(name)' already.", hint: "foundry services")
        }
    }

    private static func secrets(
        _ manifest: ReleaseManifest, _ certificate: ServiceCertificate?,
        _ generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> ServiceSecrets {
        var named: [String: Secret] = [:]
        for name in manifest.secrets { named[name] = RandomText.password(using: &generator) }
        guard !manifest.tls || certificate != nil else {
            throw FoundryError(.conflict, "The release was changed at the same time.", hint: "try again")
        }
        return ServiceSecrets(named: named, tls: manifest.tls ? certificate : nil)
    }

    static func job(
        _ operation: JobOperation, _ app: AppRecord, _ instance: ServiceInstanceID, binding: BindingID? = nil,
        isOver: Bool = false, _ now: Timestamp, _ generator: inout some RandomNumberGenerator
    ) -> JobRecord {
        JobRecord(
            id: .random(using: &generator), operation: operation, app: app.id, appName: app.name,
            generation: app.generation, state: isOver ? .complete : .processing, createdAt: now, updatedAt: now,
            instance: instance, binding: binding)
    }

    static func event(
        _ kind: EventName, _ instance: ServiceInstanceRecord, _ message: String, _ now: Timestamp,
        _ generator: inout some RandomNumberGenerator
    ) -> RecordWrite {
        OperatorVerbs.event(kind, app: instance.workload, instance.name.description, message, now, &generator)
    }

    /// Its workload.
    static func workload(
        _ instance: ServiceInstanceRecord, _ view: PlatformView
    ) throws(FoundryError) -> Revised<AppRecord> {
        if let app = view.apps[instance.workload] { return app }
        throw FoundryError(.serviceBusy, "\(instance.name) is being deleted.", hint: "foundry services")
    }

    /// - Throws: `service_busy`.
    static func refuseBusy(_ instance: ServiceInstanceRecord) throws(FoundryError) {
        guard instance.operation.state == .inProgress else { return }
        throw FoundryError(
            .serviceBusy, "An operation on \(instance.name) has not ended yet: \(instance.operation.kind.rawValue).",
            hint: "foundry service \(instance.name)")
    }
}
