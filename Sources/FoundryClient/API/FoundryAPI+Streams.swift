import FoundryModel

extension FoundryAPI {
    /// The last lines that an app logged, oldest first.
    ///
    /// - Parameter follow: goes on with what it logs from then on.
    public func logs(of guid: String, lines: Int, follow: Bool) async throws(FoundryError) -> JSONLines<LogLine> {
        try await stream(["foundry", "v1", "apps", guid, "logs"], [("lines", "\(lines)"), ("follow", "\(follow)")])
    }

    /// The last events, oldest first.
    ///
    /// - Parameter app: the guid of the app that they are about; nil for all.
    public func events(app: String?, limit: Int) async throws(FoundryError) -> [EventSummary] {
        try await list(["foundry", "v1", "events"], Self.query(app, limit))
    }

    /// The last events, and those that come from then on.
    public func followEvents(app: String?, limit: Int) async throws(FoundryError) -> JSONLines<EventSummary> {
        try await stream(["foundry", "v1", "events"], Self.query(app, limit) + [("follow", "true")])
    }

    private static func query(_ app: String?, _ limit: Int) -> [(name: String, value: String)] {
        (app.map { [(name: "app", value: $0)] } ?? []) + [(name: "limit", value: "\(limit)")]
    }
}
