import FoundryModel

extension ServiceVerbs {
    /// Another plan, other parameters, another version: what needs new containers goes through the members one at a time, and back when one does not become healthy.
    ///
    /// - Parameter used: of memory, by the member that uses most; nil: not known.
    /// - Throws: `service_busy`, `plan_not_found`, `plan_not_updateable`, `maintenance_info_conflict`, `parameter_invalid`, and what a change of its workload throws.
    public static func update(
        _ instance: Revised<ServiceInstanceRecord>, _ request: ServiceUpdateRequest, used: ByteCount? = nil,
        view: PlatformView, configuration: PlatformConfiguration, now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> ServiceAnswer<ServiceInstanceRecord> {
        try refuseBusy(instance.value)
        let app = try workload(instance.value, view)
        let release = try release(instance.value, request, view)
        var next = instance.value
        next.release = release.id
        next.plan = request.plan ?? next.plan
        next.parameters.merge(request.parameters) { _, new in new }
        next.wishes = next.wishes.merged(with: request.wishes)
        next.updatedAt = now
        guard let plan = release.plan(next.plan) else {
            throw FoundryError(
                .planNotFound, "\(release.id) has no such plan.",
                hint: "foundry marketplace -e \(release.manifest.name)")
        }
        // What another plan says of memory and disk counts, unless this request says otherwise.
        if request.plan != nil, request.plan != instance.value.plan {
            next.wishes.memory = request.wishes.memory
            next.wishes.disk = request.wishes.disk
        }
        let spec = try ServiceSpecRule.spec(
            next.id, name: next.name, release: release, plan: plan, parameters: next.parameters, wishes: next.wishes)
        try refuseShrunk(app.value, spec, plan)
        try refuseFewer(app.value, spec, plan)
        let change = try OperatorVerbs.change(app, to: spec, used: used, view: view, now: now, using: &generator)
        let isUnchanged =
            change.isUnchanged && next.plan == instance.value.plan && next.parameters == instance.value.parameters
            && next.release == instance.value.release && next.wishes == instance.value.wishes
        guard !isUnchanged else {
            return ServiceAnswer(
                subject: instance.value, standing: .done, job: instance.value.operation.job,
                transactionName: "service.update")
        }
        var changed = app.value
        for case .put(.app(let record), _) in change.writes { changed = record }
        let job = job(.updateService, changed, next.id, isOver: change.isUnchanged, now, &generator)
        next.operation = ServiceOperation(
            kind: .update, state: change.isUnchanged ? .succeeded : .inProgress, job: job.id,
            before: instance.value.before, createdAt: now, updatedAt: now)
        let route = view.route(of: app.value.id)
        let before = Contract.sentences(for: app.value.spec, route: route, configuration: configuration)
        let contract = Contract.sentences(for: spec, route: route, configuration: configuration)
        // The event of the change is the instance's.
        let writes = change.writes.filter { if case .put(.event, _) = $0 { false } else { true } }
        return ServiceAnswer(
            subject: next, standing: change.isUnchanged ? .done : .begun, job: job.id,
            contract: contract.filter { !before.contains($0) },
            changes: SpecChange.between(app.value.spec, spec), restarts: changed.rollout != nil,
            writes: [.put(.instance(next), expects: .revision(instance.revision)), .put(.job(job), expects: .absent)]
                + writes + [event(.serviceUpdated, next, "is changed: \(plan.name), \(release.id)", now, &generator)],
            transactionName: "service.update")
    }

    /// The same workload under another name.
    ///
    /// - Throws: `name_invalid`, `service_taken`, `service_busy`.
    public static func rename(
        _ instance: Revised<ServiceInstanceRecord>, to text: String, view: PlatformView, now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> OperatorPlan {
        try refuseBusy(instance.value)
        guard let name = AppName(text) else {
            throw FoundryError(
                .nameInvalid,
                "'\(text.prefix(80))' is not a name: a-z, 0-9 and hyphens, beginning with a letter, at most 63.",
                hint: "a name such as orders-db")
        }
        guard name != instance.value.name else {
            return .unchanged("service.rename", "\(name) has this name already")
        }
        try refuseTaken(name, view)
        let app = try workload(instance.value, view)
        var (next, renamed) = (instance.value, app.value)
        next.name = name
        next.updatedAt = now
        renamed.name = name
        renamed.updatedAt = now
        let disks = view.volumes(of: app.value.id).compactMap { view.volumes[$0.id] }.map { volume in
            var called = volume.value
            called.appName = name
            return RecordWrite.put(.volume(called), expects: .revision(volume.revision))
        }
        return OperatorPlan(
            name: "service.rename",
            writes: [
                NameRule.given(view), .put(.instance(next), expects: .revision(instance.revision)),
                .put(.app(renamed), expects: .revision(app.revision)),
            ] + disks + [
                event(.serviceRenamed, next, "was called \(instance.value.name) before", now, &generator)
            ], message: "\(instance.value.name) is called \(name) now")
    }

    private static func release(
        _ instance: ServiceInstanceRecord, _ request: ServiceUpdateRequest, _ view: PlatformView
    ) throws(FoundryError) -> ReleaseRecord {
        let name = instance.release.name
        let version = request.version ?? instance.release.version
        guard let release = view.releases[ReleaseID(name: name, version: version)]?.value else {
            throw FoundryError(
                .maintenanceInfoConflict, "\(name) \(version) is not installed.", hint: "foundry release ls")
        }
        guard version >= instance.release.version else {
            throw FoundryError(
                .maintenanceInfoConflict, "\(instance.name) has \(instance.release.version), and \(version) is older.",
                hint: "an older version may not read what the newer one wrote")
        }
        return release
    }

    /// The members of a cluster that go have to be taken out of it: those that stay count them until then.
    private static func refuseFewer(
        _ app: AppRecord, _ spec: WorkloadSpec, _ plan: ReleasePlan
    ) throws(FoundryError) {
        guard app.spec.service?.cluster != nil, spec.instances < app.spec.instances else { return }
        guard app.spec.takesLeave else {
            throw FoundryError(
                .planNotUpdateable,
                "\(app.name) has \(app.spec.instances) members, which know no way to become \(spec.instances), as plan \(plan.name) has it.",
                hint: "a release whose members can leave has verbs/leave")
        }
        guard app.desired == .started else {
            throw FoundryError(
                .planNotUpdateable, "\(app.name) is stopped, and its members can leave it only while it runs.",
                hint: "foundry start \(app.name)")
        }
    }

    private static func refuseShrunk(
        _ app: AppRecord, _ spec: WorkloadSpec, _ plan: ReleasePlan
    ) throws(FoundryError) {
        guard let size = app.spec.disk?.size, let wanted = spec.disk?.size, wanted < size else { return }
        throw FoundryError(
            .planNotUpdateable,
            "\(app.name) has a disk of \(size), and a disk cannot become smaller, as plan \(plan.name) has it.",
            hint: "a plan with a larger disk, or --disk \(size.wholeMegabytes)M")
    }
}

extension ServiceWishes {
    func merged(with other: Self) -> Self {
        ServiceWishes(
            policy: ReleasePolicy(
                restartPolicy: other.policy.restartPolicy ?? policy.restartPolicy,
                diskSync: other.policy.diskSync ?? policy.diskSync,
                ioPerformance: other.policy.ioPerformance ?? policy.ioPerformance,
                fence: other.policy.fence ?? policy.fence, whenLost: other.policy.whenLost ?? policy.whenLost),
            memory: other.memory ?? memory, disk: other.disk ?? disk)
    }
}

extension ServiceInstanceRecord {
    /// What an update that fails goes back to.
    var before: ServiceBefore {
        ServiceBefore(release: release, plan: plan, parameters: parameters, wishes: wishes)
    }
}
