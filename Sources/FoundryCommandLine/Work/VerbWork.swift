import FoundryClient
import FoundryModel

/// Starts, stops and restarts apps, and stays until it is done.
public struct VerbWork: Sendable {
    public enum Verb: String, Sendable {
        case start, stop, restart
    }

    private let api: FoundryAPI
    private let console: Console
    private let format: OutputFormat
    private let limit: Duration?

    /// - Parameter limit: nil: not waited for.
    public init(_ api: FoundryAPI, console: Console, format: OutputFormat, waitingFor limit: Duration?) {
        self.api = api
        self.console = console
        self.format = format
        self.limit = limit
    }

    /// - Throws: `app_not_found`; why it failed, after the app's last words were shown.
    public func run(_ verb: Verb, app name: String) async throws {
        let app = try await AppLookup(api).app(name)
        let job =
            switch verb {
            case .start: try await api.start(app.guid)
            case .stop: try await api.stop(app.guid)
            case .restart: try await api.restart(app.guid)
            }
        if let limit {
            do {
                try await Progress.show(on: console, isSilent: format == .json) { progress in
                    await progress.begin(verb.rawValue, name)
                    guard try await JobFollower(api).follow(job, limit: limit) == nil else { return }
                    throw verb == .stop ? Self.late(name, limit) : FailedStart.late([name], limit)
                }
            } catch let error as FoundryError {
                throw await FailedStart(api, console, format).explained(error, apps: verb == .stop ? [] : [name])
            }
        }
        let now = try await api.app(app.guid)
        try console.show(now, as: format) { [line(now, on: console.output)] }
    }

    private static func late(_ name: String, _ limit: Duration) -> FoundryError {
        FoundryError(
            .timedOut, "\(name) is not stopped after \(TimeArgument(limit).description); it goes on stopping.",
            hint: "foundry app \(name)")
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
