import FoundryClient
import FoundryModel

/// Changes a service instance, after it was said what that takes.
public struct UpdateServiceWork: Sendable {
    private let context: CommandContext

    public init(_ context: CommandContext) { self.context = context }

    /// - Parameter plan: another one; nil: as it is.
    /// - Parameter upgrade: to the current version of its release.
    /// - Parameter asks: false: nobody is asked.
    /// - Throws: what the plan refuses; `usage` when nothing was said, or the answer was no; why the change failed.
    public func run(
        _ name: String, plan: String?, upgrade: Bool, asks: Bool, _ arguments: ServiceArguments
    ) async throws {
        var body = try arguments.body()
        guard plan != nil || upgrade || body != ServiceInstanceBody() else {
            throw FoundryError(
                .usage, "What shall be otherwise?",
                hint: "foundry update-service \(name) -p PLAN, or -c '{\"max_connections\": 200}', or --upgrade")
        }
        let lookup = ServiceLookup(context.api)
        let instance = try await lookup.instance(name)
        if let plan {
            let offering = try await lookup.offering(instance.foundry.offering)
            let chosen = try await lookup.plan(plan, of: (offering.guid, offering.name))
            body.relationships = ["service_plan": Relationship(guid: chosen.guid)]
        }
        if upgrade {
            body.maintenanceInfo = MaintenanceInfo(
                version: instance.foundry.newestVersion ?? instance.foundry.version)
        }
        try await run(instance, body, asks: asks)
    }

    func run(_ instance: ServiceInstanceAnswer, _ body: ServiceInstanceBody, asks: Bool) async throws {
        let planned = try await context.api.planService(ServicePlanningBody(guid: instance.guid, instance: body))
        if context.format == .table {
            context.console.print(ServicePlanView(planned).lines(on: context.console.output))
        }
        if asks, planned.restarts, Prompt.isPossible, context.format == .table {
            guard Prompt(context.console).confirm("Change \(instance.name)?") else {
                throw FoundryError(.usage, "Nothing was changed.")
            }
        }
        if planned.action != "none" {
            let job = try await context.api.updateService(instance.guid, body)
            do {
                try await context.follow(job, "change", service: instance.name, app: instance.foundry.appGuid)
            } catch let error as FoundryError {
                throw await FailedStart(context.api, context.console, context.format)
                    .explained(error, app: instance.foundry.appGuid, named: instance.name)
            }
        }
        let answer = ServiceWorkAnswer(plan: planned, service: try await context.api.serviceInstance(instance.guid))
        try context.console.show(answer, as: context.format) { answer.lines(on: context.console.output) }
    }
}
