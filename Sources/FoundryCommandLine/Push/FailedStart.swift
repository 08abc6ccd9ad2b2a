import FoundryClient
import FoundryModel

/// What is said of an app that did not become healthy: its last words, and where to look.
struct FailedStart: Sendable {
    private let api: FoundryAPI
    private let console: Console
    private let format: OutputFormat

    init(_ api: FoundryAPI, _ console: Console, _ format: OutputFormat) {
        self.api = api
        self.console = console
        self.format = format
    }

    /// Shows the last lines that the apps logged before they ended, to people.
    ///
    /// - Returns: the error, with a hint in every case.
    func explained(_ error: FoundryError, apps names: [String]) async -> FoundryError {
        if format == .table, let apps = try? await api.apps() {
            for app in apps where names.contains(app.name) { show(app) }
        }
        var error = error
        if error.hint == nil, let name = names.first { error.hint = "foundry why \(name)" }
        return error
    }

    /// The same of a service instance.
    ///
    /// - Parameter guid: of its workload.
    func explained(_ error: FoundryError, app guid: String, named name: String) async -> FoundryError {
        if format == .table, let app = try? await api.app(guid) { show(app) }
        var error = error
        if error.hint == nil { error.hint = "foundry why \(name)" }
        return error
    }

    /// Nothing failed; somebody did not want to wait longer.
    static func late(_ names: [String], _ limit: Duration) -> FoundryError {
        FoundryError(
            .appStartTimeout,
            "\(names.joined(separator: ", ")) is not healthy after \(TimeArgument(limit).description); it goes on starting."
        )
    }

    private func show(_ app: AppSummary) {
        for member in app.members {
            guard let end = member.lastExit, !end.lastLines.isEmpty else { continue }
            console.note(
                TextStyle.faint.applied(to: "last lines of \(member.name), which \(end.reason):", on: console.errors))
            for line in end.lastLines { console.note("  " + DisplayText.harmless(line, tab: "\t")) }
        }
    }
}
