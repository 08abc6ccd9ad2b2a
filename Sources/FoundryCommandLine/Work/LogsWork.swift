import FoundryClient
import FoundryEffects
import FoundryModel

/// Shows what an app logs.
public struct LogsWork: Sendable {
    private let api: FoundryAPI
    private let console: Console
    private let format: OutputFormat

    public init(_ api: FoundryAPI, console: Console, format: OutputFormat) {
        self.api = api
        self.console = console
        self.format = format
    }

    /// - Parameter follow: goes on until it is interrupted, also over a restart of the server.
    public func run(app name: String, lines: Int, follow: Bool, showsTimes: Bool) async throws {
        let app = try await AppLookup(api).app(name)
        let view = LogView(on: console.output, showsTimes: showsTimes)
        let show = { @Sendable (line: FoundryClient.LogLine) in
            console.print(format == .json ? try JSONText.line(line) : view.line(line))
        }
        guard follow else {
            for try await line in try await api.logs(of: app.guid, lines: lines, follow: false) { try show(line) }
            return
        }
        try await Following().run { resuming in
            try await api.logs(
                of: app.guid, lines: resuming ? max(lines, Self.linesToFindItsPlace) : lines, follow: true)
        } show: {
            try show($0)
        }
    }

    private static let linesToFindItsPlace = 1000
}
