import FoundryClient
import FoundryModel

/// Makes a service instance: says what will be, does it, and stays until it serves.
public struct CreateServiceWork: Sendable {
    private let context: CommandContext

    public init(_ context: CommandContext) { self.context = context }

    /// - Throws: what the plan refuses, before anything was made; why it did not become healthy, after its last words were shown.
    public func run(offering: String, plan: String, name: String, _ arguments: ServiceArguments) async throws {
        var body = try arguments.body()
        let lookup = ServiceLookup(context.api)
        let offered = try await lookup.offering(offering)
        let chosen = try await lookup.plan(plan, of: (offered.guid, offered.name))
        body.type = "managed"
        body.name = name
        body.relationships = ["service_plan": Relationship(guid: chosen.guid)]
        let planned = try await context.api.planService(ServicePlanningBody(instance: body))
        if context.format == .table {
            context.console.print(ServicePlanView(planned).lines(on: context.console.output))
        }
        let job = try await context.api.createService(body)
        let made = try await lookup.instance(name)
        do {
            try await context.follow(job, "start", service: name, app: made.foundry.appGuid)
        } catch let error as FoundryError {
            throw await FailedStart(context.api, context.console, context.format)
                .explained(error, app: made.foundry.appGuid, named: name)
        }
        let answer = ServiceWorkAnswer(
            plan: planned, service: context.limit == nil ? made : try await context.api.serviceInstance(made.guid))
        try context.console.show(answer, as: context.format) { answer.lines(on: context.console.output) }
    }
}

/// How `create-service` and `update-service` ended: their document, and the last lines for people.
struct ServiceWorkAnswer: Hashable, Sendable, Encodable {
    /// What was to be done, and the contract.
    var plan: PlannedService
    /// As it is now.
    var service: ServiceInstanceAnswer

    func lines(on terminal: Terminal) -> [String] {
        let plain = service.name
        let name = TextStyle.strong.applied(to: plain, on: terminal)
        let address = service.foundry.route.map { ": \($0.address)" } ?? ""
        guard plan.action != "none" else { return ["\(name) is so already" + address] }
        let isNew = plan.action == "create"
        switch service.lastOperation.state {
        case "succeeded":
            let ready = TextStyle.good.applied(to: "ready", on: terminal)
            guard isNew else { return ["\(name) is changed, and \(ready)\(address)"] }
            return [
                "\(name) is \(ready)\(address)", "", "Credentials of your own:  foundry create-service-key \(plain) me",
                "For an app:               foundry bind-service APP \(plain)",
            ]
        case "failed":
            return ["\(name): \(DisplayText.harmless(service.lastOperation.description)): foundry why \(plain)"]
        default: return ["\(name) is being \(isNew ? "made" : "changed"): foundry service \(plain)"]
        }
    }
}
