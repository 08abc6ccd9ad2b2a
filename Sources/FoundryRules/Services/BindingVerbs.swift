import FoundryModel

/// Bindings and keys: made, exchanged and removed.
public enum BindingVerbs {
    /// Of one instance.
    public static let mostBindings = 200
    /// Of one instance: removed users that a rewind removes again.
    public static let mostRevoked = 200
    /// How long both of a rotation are valid, unless it says otherwise.
    public static let overlapMilliseconds: Int64 = 3_600_000

    /// A new binding. Its user and password are made here; a verb in a member makes them true.
    ///
    /// The same request again is answered by how far the first one is.
    /// - Throws: `service_not_found`, `service_busy`, `service_not_ready`, `binding_taken`, `binding_not_found` for the predecessor, `parameter_invalid`.
    public static func bind(
        _ request: BindRequest, view: PlatformView, now: Timestamp, using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> ServiceAnswer<BindingRecord> {
        guard let record = view.instances[request.instance] else { throw missingInstance }
        let instance = record.value
        let old = request.id.flatMap { view.bindings[$0] }
        if let old, old.value.state != .revoked { return try again(request, old.value) }
        let release = try release(instance, view)
        try refuse(request, instance, view)
        _ = try ParameterRule.values(release.manifest.binding.parameters, given: request.parameters)
        let app = try ServiceVerbs.workload(instance, view).value
        guard app.desired == .started else {
            throw FoundryError(
                .serviceNotReady, "\(instance.name) is stopped.", hint: "foundry start \(instance.name)")
        }
        let hasUsers = release.manifest.binding.hasUsers
        let id = request.id ?? .random(using: &generator)
        let job = ServiceVerbs.job(.createBinding, app, instance.id, binding: id, isOver: !hasUsers, now, &generator)
        let binding = BindingRecord(
            id: id, instance: instance.id, app: request.app, name: request.name,
            // One that is bound again has the user that it had: who has its old password is refused.
            user: hasUsers ? old?.value.user ?? RandomText.user(using: &generator) : nil,
            password: hasUsers ? RandomText.password(using: &generator) : nil, parameters: request.parameters,
            state: hasUsers ? .binding(.random(using: &generator)) : .bound,
            predecessor: request.predecessor, job: job.id, origin: request.origin, labels: request.labels,
            annotations: request.annotations, createdAt: now, updatedAt: now)
        var writes: [RecordWrite] = [
            // Written as it is: who deletes it, or binds it through another server at the same moment, writes it too, and one of both is planned anew.
            .put(.instance(instance), expects: .revision(record.revision)),
            .put(.binding(binding), expects: .seen(old)), .put(.job(job), expects: .absent),
            ServiceVerbs.event(
                .bindingCreated, instance, "is being bound to \(binding.subject(view))", now, &generator),
        ]
        if let predecessor = request.predecessor {
            writes += try retire(predecessor, of: instance.id, request, view, now)
        }
        return ServiceAnswer(
            subject: binding, standing: hasUsers ? .begun : .done, job: job.id, writes: writes,
            transactionName: "binding.create")
    }

    /// Its user is removed in the engine, and then the binding.
    public static func unbind(
        _ binding: Revised<BindingRecord>, view: PlatformView, now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> ServiceAnswer<BindingRecord> {
        guard let instance = view.instances[binding.value.instance]?.value, binding.value.state != .revoked else {
            throw missing
        }
        if case .unbinding = binding.value.state {
            return ServiceAnswer(
                subject: binding.value, standing: .inProgress, job: binding.value.job,
                transactionName: "binding.delete")
        }
        let app = try ServiceVerbs.workload(instance, view).value
        let hasUser = binding.value.user != nil
        let job = ServiceVerbs.job(
            .deleteBinding, app, instance.id, binding: binding.value.id, isOver: !hasUser, now, &generator)
        var next = binding.value
        next.state = .unbinding(.random(using: &generator))
        next.retiresAt = nil
        next.job = job.id
        next.updatedAt = now
        let write: RecordWrite =
            hasUser
            ? .put(.binding(next), expects: .revision(binding.revision))
            : .delete(key: Record.binding(next).key, kind: .binding, expects: .revision(binding.revision))
        return ServiceAnswer(
            subject: next, standing: hasUser ? .begun : .done, job: job.id,
            writes: [
                write, .put(.job(job), expects: .absent),
                ServiceVerbs.event(
                    .bindingRemoved, instance, "is being unbound from \(next.subject(view))", now, &generator),
            ], transactionName: "binding.delete")
    }

    private static func again(
        _ request: BindRequest, _ there: BindingRecord
    ) throws(FoundryError) -> ServiceAnswer<BindingRecord> {
        guard there.instance == request.instance, there.app == request.app, there.parameters == request.parameters,
            there.name == request.name, there.predecessor == request.predecessor
        else {
            throw FoundryError(.bindingTaken, "A binding of this id exists, and is another one.")
        }
        let standing: ServiceAnswer<BindingRecord>.Standing
        switch there.state {
        case .binding: standing = .inProgress
        case .bound, .renewing: standing = .done
        case .failed(let error): throw error
        case .unbinding, .revoked:
            throw FoundryError(.serviceBusy, "The binding of this id is being removed.", hint: "try again")
        }
        return ServiceAnswer(
            subject: there, standing: standing, job: there.job, transactionName: "binding.create")
    }

    private static func refuse(
        _ request: BindRequest, _ instance: ServiceInstanceRecord, _ view: PlatformView
    ) throws(FoundryError) {
        let bindings = view.bindings(of: instance.id)
        switch (instance.operation.kind, instance.operation.state) {
        case (.delete, _), (.create, .inProgress), (.update, .inProgress): try ServiceVerbs.refuseBusy(instance)
        case (.create, .failed):
            throw FoundryError(
                .serviceNotReady, "\(instance.name) was never ready.", hint: "foundry why \(instance.name)")
        case (.create, .succeeded), (.update, .succeeded), (.update, .failed): break
        }
        if let app = request.app {
            guard view.apps[app].map({ $0.value.spec.service == nil }) == true else {
                throw FoundryError(.appNotFound, "App not found", hint: "`foundry apps` lists them")
            }
            guard !bindings.contains(where: { $0.app == app && $0.id != request.predecessor }) else {
                throw FoundryError(
                    .bindingTaken, "The app is already bound to the service instance.",
                    hint: "foundry unbind-service APP \(instance.name)")
            }
        } else if let name = request.name, request.predecessor == nil {
            guard !bindings.contains(where: { $0.app == nil && $0.name == name }) else {
                throw FoundryError(
                    .bindingTaken, "Key binding names must be unique: \(instance.name) has a key '\(name)'.",
                    hint: "foundry rotate-service-key \(instance.name) \(name)")
            }
        }
        guard bindings.count < mostBindings else {
            throw FoundryError(
                .capacityShort, "\(instance.name) has \(mostBindings) bindings, and no room for more.",
                hint: "foundry service-keys \(instance.name)")
        }
    }

    /// The one before goes when both were valid long enough.
    private static func retire(
        _ id: BindingID, of instance: ServiceInstanceID, _ request: BindRequest, _ view: PlatformView,
        _ now: Timestamp
    ) throws(FoundryError) -> [RecordWrite] {
        guard let old = view.bindings[id], old.value.instance == instance, old.value.state != .revoked else {
            throw missing
        }
        guard let overlap = request.overlapMilliseconds else { return [] }
        var next = old.value
        next.retiresAt = now + overlap
        next.updatedAt = now
        return [.put(.binding(next), expects: .revision(old.revision))]
    }

    static func release(
        _ instance: ServiceInstanceRecord, _ view: PlatformView
    ) throws(FoundryError) -> ReleaseRecord {
        if let release = view.releases[instance.release]?.value { return release }
        throw FoundryError(
            .releaseNotFound, "\(instance.name) is of \(instance.release), which is not installed.",
            hint: "foundry release install FILE")
    }

    public static var missing: FoundryError {
        FoundryError(.bindingNotFound, "Service credential binding not found", hint: "foundry services")
    }

    public static var missingInstance: FoundryError {
        FoundryError(.serviceNotFound, "Service instance not found", hint: "foundry services")
    }
}

extension BindingRecord {
    /// For people: an app's name, or `key NAME`.
    func subject(_ view: PlatformView) -> String {
        if let app { return view.apps[app].map { $0.value.name.description } ?? app.short }
        return name.map { "key \($0)" } ?? "binding \(id.short)"
    }
}
