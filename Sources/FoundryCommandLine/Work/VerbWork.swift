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
        let job: JobReference? =
            switch verb {
            case .start: try await api.start(app.guid)
            case .stop: try await api.stop(app.guid)
            case .restart: try await api.restart(app.guid)
            }
        if let job, let limit {
            do {
                try await Progress.show(on: console, isSilent: format == .json) { progress in
                    await progress.begin(verb.rawValue, name)
                    _ = try await JobFollower(api).follow(job, limit: limit)
                }
            } catch let error as FoundryError {
                throw try await FailedStart(api, console, format).explained(error, apps: verb == .stop ? [] : [name])
            }
        }
        let now = try await api.app(app.guid)
        try console.show(now, as: format) { [line(now, on: console.output)] }
    }

    private func line(_ app: AppSummary, on terminal: Terminal) -> String {
        let name = TextStyle.strong.applied(to: app.name, on: terminal)
        switch app.state {
        case "running":
            return "\(name) is \(TextStyle.good.applied(to: "healthy", on: terminal))" + (app.route.map { ": \($0.address)" } ?? "")
        default: return "\(name) is \(TextStyle.ofState(app.state).applied(to: app.state, on: terminal))"
        }
    }
}
