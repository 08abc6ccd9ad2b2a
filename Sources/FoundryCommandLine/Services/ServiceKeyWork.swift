import FoundryClient
import FoundryEffects
import FoundryModel

/// Keys of service instances: credentials for people and for programs that are no apps.
public struct ServiceKeyWork: Sendable {
    private let context: CommandContext

    public init(_ context: CommandContext) { self.context = context }

    public func create(_ key: String, of service: String, parameters: String?) async throws {
        let parameters = try ParameterText.read(parameters)
        let instance = try await ServiceLookup(context.api).instance(service)
        let body = ServiceBindingBody(
            type: "key", name: key, parameters: parameters,
            relationships: ["service_instance": Relationship(guid: instance.guid)])
        try await wait(for: try await context.api.bindService(body), "bind", "\(service)/\(key)", service)
        let made = try await ServiceLookup(context.api).key(key, of: instance)
        try context.console.show(made.foundry, as: context.format) {
            ["\(service) has the key \(key): foundry service-key \(service) \(key)"]
        }
    }

    public func list(of service: String) async throws {
        let instance = try await ServiceLookup(context.api).instance(service)
        let keys = try await context.api.serviceBindings(of: instance.guid, type: "key").map(\.foundry)
        try context.console.show(ListAnswer(resources: keys), as: context.format) {
            ServiceKeysView(keys, of: service, now: SystemClock.timestamp()).lines(on: context.console.output)
        }
    }

    /// The credentials. As JSON they are whole; a table leaves out what is secret unless it was asked for.
    public func show(_ key: String, of service: String, showsPassword: Bool) async throws {
        let instance = try await ServiceLookup(context.api).instance(service)
        let binding = try await ServiceLookup(context.api).key(key, of: instance)
        let details = try await context.api.serviceBindingDetails(binding.guid)
        try context.console.show(ServiceKeyAnswer(credentials: details.credentials), as: context.format) {
            ServiceKeyView(details.credentials, showsPassword: showsPassword).lines(on: context.console.output)
        }
    }

    /// - Parameter force: nobody is asked.
    public func delete(_ key: String, of service: String, force: Bool) async throws {
        let instance = try await ServiceLookup(context.api).instance(service)
        let keys = try await context.api.serviceBindings(of: instance.guid, type: "key", name: key)
        guard !keys.isEmpty else {
            throw FoundryError(
                .bindingNotFound, "\(service) has no key '\(key)'.", hint: "foundry service-keys \(service)")
        }
        if !force, Prompt.isPossible, context.format == .table {
            guard Prompt(context.console).confirm("Delete the key \(key)? Whoever uses it is refused from then on.")
            else { throw FoundryError(.usage, "Nothing was deleted.") }
        }
        for binding in keys {
            try await wait(
                for: try await context.api.unbindService(binding.guid), "unbind", "\(service)/\(key)", service)
        }
        try context.console.show(["name": key, "service": service, "state": "deleted"], as: context.format) {
            ["the key \(key) of \(service) is deleted: its credentials are refused"]
        }
    }

    /// - Parameter overlap: in seconds; nil: the credentials from before stay until somebody deletes them.
    public func rotate(_ key: String, of service: String, overlap: Int64?) async throws {
        let instance = try await ServiceLookup(context.api).instance(service)
        let old = try await ServiceLookup(context.api).key(key, of: instance)
        let job = try await context.api.rotateServiceBinding(
            old.guid, BindingRotationBody(overlapSeconds: overlap))
        try await wait(for: job, "rotate", "\(service)/\(key)", service)
        let new = try await ServiceLookup(context.api).key(key, of: instance)
        try context.console.show(new.foundry, as: context.format) {
            let both =
                overlap.map { "those from before stay valid for \(AgeText.of(milliseconds: $0 * 1000))" }
                ?? "those from before stay valid"
            return ["\(key) of \(service) has new credentials, and \(both): foundry service-key \(service) \(key)"]
        }
    }

    private func wait(for job: JobReference?, _ verb: String, _ subject: String, _ service: String) async throws {
        guard let job else { return }
        try await context.follow(
            job, verb, subject,
            late: CommandContext.late("\(subject) is not done", hint: "foundry service-keys \(service)"))
    }
}

/// As `cf service-key` prints it.
struct ServiceKeyAnswer: Hashable, Sendable, Encodable {
    var credentials: [String: WireValue]
}
