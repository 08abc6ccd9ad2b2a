import FoundryClient
import FoundryModel

/// Starts, stops and restarts apps, and stays until it is done.
public struct VerbWork: Sendable {
    public enum Verb: String, Sendable {
        case start, stop, restart
    }

    private let context: CommandContext

    public init(_ context: CommandContext) { self.context = context }

    /// - Throws: `app_not_found`; why it failed, after the app's last words were shown.
    public func run(_ verb: Verb, app name: String) async throws {
        let app = try await AppLookup(context.api).app(name)
        let job =
            switch verb {
            case .start: try await context.api.start(app.guid)
            case .stop: try await context.api.stop(app.guid)
            case .restart: try await context.api.restart(app.guid)
            }
        do {
            try await context.follow(job, verb.rawValue, name, late: Self.late(verb, name))
        } catch let error as FoundryError {
            throw await FailedStart(context.api, context.console, context.format)
                .explained(error, apps: verb == .stop ? [] : [name])
        }
        let now = try await context.api.app(app.guid)
        try context.console.show(now, as: context.format) { [line(now, on: context.console.output)] }
    }

    private static func late(_ verb: Verb, _ name: String) -> @Sendable (Duration) -> FoundryError {
        guard verb == .stop else { return { limit in FailedStart.late([name], limit) } }
        return CommandContext.late("\(name) is not stopped", "it goes on stopping", hint: "foundry app \(name)")
    }

    private func line(_ app: AppSummary, on terminal: Terminal) -> String {
        let name = TextStyle.strong.applied(to: app.name, on: terminal)
        switch app.state {
        case "running":
            return "\(name) is \(TextStyle.good.applied(to: "healthy", on: terminal))"
                + (app.route.map { ": \($0.address)" } ?? "")
        default: return "\(name) is \(TextStyle.ofState(app.state).applied(to: app.state, on: terminal))"
        }
    }
}
