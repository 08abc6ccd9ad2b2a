import FoundryEffects
import FoundryModel
import FoundryRules

/// What people, Cloud Foundry's clients and the broker's ask of services: each is planned by the rules on the newest view, and one transaction.
struct ServiceWork: Sendable {
    typealias InstanceAnswer = ServiceAnswer<ServiceInstanceRecord>
    typealias BindingAnswer = ServiceAnswer<BindingRecord>

    let platform: Platform

    /// - Parameter check: may refuse what it came to; nothing is done then.
    func provision(
        _ request: ProvisionRequest, by caller: String,
        check: @Sendable (InstanceAnswer) throws(FoundryError) -> Void = { _ throws(FoundryError) in }
    ) async throws(FoundryError) -> InstanceAnswer {
        var request = request
        var generator = SystemRandomNumberGenerator()
        let id = request.id ?? .random(using: &generator)
        request.id = id
        var name: AppName?
        if platform.view.instances[id] == nil, let release = platform.view.offering(with: request.plan),
            release.manifest.tls
        {
            // What is refused anyway is refused before a certificate is made.
            let made = try ServiceVerbs.name(request, id, release, platform.view)
            request.certificate = try await platform.certificates.make(for: made)
            name = made
        }
        let (asked, expected) = (request, name)
        return try await change(by: caller, check) { view, now, generator throws(FoundryError) in
            let answer = try ServiceVerbs.provision(
                asked, view: view, configuration: platform.configuration, now: now, using: &generator)
            guard expected.map({ $0 == answer.subject.name }) ?? true || answer.standing != .begun else {
                throw FoundryError(
                    .conflict, "Another instance took the name at the same time.", hint: "try again")
            }
            return answer
        }
    }

    /// What a new instance would be; nothing is done.
    func plan(_ request: ProvisionRequest) throws(FoundryError) -> InstanceAnswer {
        var generator = SystemRandomNumberGenerator()
        var request = request
        // Nobody gets it.
        request.certificate = ServiceCertificate(
            authority: "", certificate: "", key: Secret(""), expiresAt: SystemClock.timestamp())
        return try ServiceVerbs.provision(
            request, view: platform.view, configuration: platform.configuration, now: SystemClock.timestamp(),
            using: &generator)
    }

    func update(
        _ id: ServiceInstanceID, _ request: ServiceUpdateRequest, by caller: String,
        check: @Sendable (InstanceAnswer) throws(FoundryError) -> Void = { _ throws(FoundryError) in }
    ) async throws(FoundryError) -> InstanceAnswer {
        let usage = platform.usage.look(now: SystemClock.monotonic())
        return try await change(by: caller, check) { view, now, generator throws(FoundryError) in
            let instance = try Self.instance(id, view)
            return try ServiceVerbs.update(
                instance, request, used: usage.memory(of: instance.value.workload, view), view: view,
                configuration: platform.configuration, now: now, using: &generator)
        }
    }

    /// What an update would change; nothing is done.
    func plan(_ id: ServiceInstanceID, _ request: ServiceUpdateRequest) throws(FoundryError) -> InstanceAnswer {
        var generator = SystemRandomNumberGenerator()
        let view = platform.view
        let instance = try Self.instance(id, view)
        let usage = platform.usage.look(now: SystemClock.monotonic())
        return try ServiceVerbs.update(
            instance, request, used: usage.memory(of: instance.value.workload, view), view: view,
            configuration: platform.configuration, now: SystemClock.timestamp(), using: &generator)
    }

    func delete(
        _ id: ServiceInstanceID, isForced: Bool = false, by caller: String,
        check: @Sendable (InstanceAnswer) throws(FoundryError) -> Void = { _ throws(FoundryError) in }
    ) async throws(FoundryError) -> InstanceAnswer {
        try await change(by: caller, check) { view, now, generator throws(FoundryError) in
            try ServiceVerbs.delete(
                try Self.instance(id, view), isForced: isForced, view: view, now: now, using: &generator)
        }
    }

    func bind(
        _ request: BindRequest, by caller: String,
        check: @Sendable (BindingAnswer) throws(FoundryError) -> Void = { _ throws(FoundryError) in }
    ) async throws(FoundryError) -> BindingAnswer {
        try await change(by: caller, check) { view, now, generator throws(FoundryError) in
            try BindingVerbs.bind(request, view: view, now: now, using: &generator)
        }
    }

    func unbind(
        _ id: BindingID, by caller: String,
        check: @Sendable (BindingAnswer) throws(FoundryError) -> Void = { _ throws(FoundryError) in }
    ) async throws(FoundryError) -> BindingAnswer {
        try await change(by: caller, check) { view, now, generator throws(FoundryError) in
            try BindingVerbs.unbind(try Self.binding(id, view), view: view, now: now, using: &generator)
        }
    }

    /// - Throws: `service_not_found`.
    static func instance(
        _ id: ServiceInstanceID, _ view: PlatformView
    ) throws(FoundryError) -> Revised<ServiceInstanceRecord> {
        guard let instance = view.instances[id] else { throw BindingVerbs.missingInstance }
        return instance
    }

    /// - Throws: `binding_not_found`; also for one that nobody sees any more.
    static func binding(_ id: BindingID, _ view: PlatformView) throws(FoundryError) -> Revised<BindingRecord> {
        guard let binding = view.bindings[id], binding.value.state != .revoked else { throw BindingVerbs.missing }
        return binding
    }

    private func change<Subject: Sendable>(
        by caller: String, _ check: @Sendable (ServiceAnswer<Subject>) throws(FoundryError) -> Void,
        _ plan:
            @Sendable (PlatformView, Timestamp, inout SystemRandomNumberGenerator) throws(FoundryError) ->
            ServiceAnswer<Subject>
    ) async throws(FoundryError) -> ServiceAnswer<Subject> {
        try await platform.changes.make { view throws(FoundryError) in
            var generator = SystemRandomNumberGenerator()
            let answer = try plan(view, SystemClock.timestamp(), &generator)
            try check(answer)
            return Change(
                name: answer.transactionName, subject: answer.job.description,
                writes: answer.writes.map { $0.signed(by: caller) }, answer: answer)
        }
    }
}
