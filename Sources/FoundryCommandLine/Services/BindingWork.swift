import FoundryClient
import FoundryModel

/// Binds apps to service instances, and unbinds them.
public struct BindingWork: Sendable {
    private let context: CommandContext

    public init(_ context: CommandContext) { self.context = context }

    /// - Parameter binding: its own name; nil: it has none.
    /// - Parameter parameters: JSON, or a file.
    public func bind(app: String, to service: String, binding: String?, parameters: String?) async throws {
        let parameters = try ParameterText.read(parameters)
        let (appGuid, instance) = try await find(app, service)
        let body = ServiceBindingBody(
            type: "app", name: binding, parameters: parameters,
            relationships: [
                "app": Relationship(guid: appGuid), "service_instance": Relationship(guid: instance.guid),
            ])
        try await wait(
            for: try await context.api.bindService(body), "bind", "\(service) to \(app)")
        let made = try await context.api.serviceBindings(of: instance.guid, type: "app", app: appGuid)
        try context.console.show(made.first?.foundry, as: context.format) {
            ["\(app) is bound to \(service). It gets the credentials when it starts: foundry restart \(app)"]
        }
    }

    public func unbind(app: String, from service: String) async throws {
        let (appGuid, instance) = try await find(app, service)
        let bindings = try await context.api.serviceBindings(of: instance.guid, type: "app", app: appGuid)
        guard !bindings.isEmpty else {
            throw FoundryError(
                .bindingNotFound, "\(app) is not bound to \(service).", hint: "foundry service \(service)")
        }
        for binding in bindings {
            try await wait(
                for: try await context.api.unbindService(binding.guid), "unbind", "\(service) from \(app)")
        }
        try context.console.show(["app": app, "service": service, "state": "unbound"], as: context.format) {
            ["\(app) is unbound from \(service): its credentials are refused"]
        }
    }

    private func find(_ app: String, _ service: String) async throws -> (app: String, ServiceInstanceAnswer) {
        let instance = try await ServiceLookup(context.api).instance(service)
        return (try AppLookup.find(app, in: try await context.api.apps()).guid, instance)
    }

    private func wait(for job: JobReference?, _ verb: String, _ subject: String) async throws {
        guard let job else { return }
        try await context.follow(
            job, verb, subject, late: CommandContext.late("\(subject) is not done", hint: "foundry services"))
    }
}
