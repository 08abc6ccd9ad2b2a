import FoundryModel

extension FoundryAPI {
    /// Of all apps.
    public func logDrains() async throws(FoundryError) -> [LogDrainSummary] {
        try await list(["foundry", "v1", "log-drains"])
    }

    /// - Parameter guid: of the app.
    public func addLogDrain(to guid: String, url: String) async throws(FoundryError) -> LogDrainSummary {
        let body: APIBody
        do { body = try .json(LogDrainRequest(url: url)) } catch {
            throw FoundryError(.internalError, "The request could not be written.", detail: "\(error)")
        }
        let call = APICall(method: .post, path: ["foundry", "v1", "apps", guid, "log-drains"], body: body)
        return try await connection.send(call).decoded()
    }

    public func removeLogDrain(_ guid: String) async throws(FoundryError) {
        _ = try await connection.send(APICall(method: .delete, path: ["foundry", "v1", "log-drains", guid]))
    }
}
