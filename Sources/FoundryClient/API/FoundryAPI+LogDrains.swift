import FoundryModel

extension FoundryAPI {
    /// Of all apps.
    public func logDrains() async throws(FoundryError) -> [LogDrainSummary] {
        try await list(["foundry", "v1", "log-drains"])
    }

    /// - Parameter guid: of the app.
    public func addLogDrain(to guid: String, url: String) async throws(FoundryError) -> LogDrainSummary {
        return try await send(
            .post, ["foundry", "v1", "apps", guid, "log-drains"], LogDrainRequest(url: url)
        ).decoded()
    }

    public func removeLogDrain(_ guid: String) async throws(FoundryError) {
        _ = try await connection.send(APICall(method: .delete, path: ["foundry", "v1", "log-drains", guid]))
    }
}
