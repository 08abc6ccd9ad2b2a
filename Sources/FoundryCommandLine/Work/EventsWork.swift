import FoundryClient
import FoundryModel

/// Shows what happened.
public struct EventsWork: Sendable {
    private let api: FoundryAPI
    private let console: Console
    private let format: OutputFormat

    public init(_ api: FoundryAPI, console: Console, format: OutputFormat) {
        self.api = api
        self.console = console
        self.format = format
    }

    /// - Parameter name: of the app that they are about; nil: of all, and of the platform.
    public func run(app name: String?, limit: Int, follow: Bool) async throws {
        let app: String? = if let name { try await AppLookup(api).app(name).guid } else { nil }
        guard follow else {
            let events = try await api.events(app: app, limit: limit)
            return try console.show(ListAnswer(resources: events), as: format) {
                EventsView(events).lines(on: console.output)
            }
        }
        try await Following().run { resuming in
            try await api.followEvents(app: app, limit: resuming ? max(limit, 200) : limit)
        } show: { event in
            console.print(format == .json ? try JSONText.line(event) : EventsView.line(event, on: console.output))
        }
    }
}
