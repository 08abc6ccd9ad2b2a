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
    func explained(_ error: FoundryError, apps names: [String]) async throws -> FoundryError {
        if format == .table, let apps = try? await api.apps() {
            for app in apps where names.contains(app.name) { show(app) }
        }
        return Self.worded(error, apps: names)
    }

    /// An app that is only late gets a code of its own.
    static func worded(_ error: FoundryError, apps names: [String]) -> FoundryError {
        var error = error
        if error.code == .timedOut, names.count == 1, let name = names.first {
            error = FoundryError(.appStartTimeout, "\(name) is not healthy yet. \(error.message)", detail: error.detail)
        }
        if error.hint == nil, let name = names.first { error.hint = "foundry why \(name)" }
        return error
    }

    private func show(_ app: AppSummary) {
        for member in app.members {
            guard let end = member.lastExit, !end.lastLines.isEmpty else { continue }
            console.note(TextStyle.faint.applied(to: "last lines of \(member.name), which \(end.reason):", on: console.errors))
            for line in end.lastLines { console.note("  " + DisplayText.harmless(line, tab: "\t")) }
        }
    }
}
