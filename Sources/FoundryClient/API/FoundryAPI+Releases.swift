import FoundryModel

extension FoundryAPI {
    /// Every version of every release that is installed: sorted by name, the newest version first.
    public func releases() async throws(FoundryError) -> [ReleaseSummary] {
        try await list(["foundry", "v1", "releases"])
    }

    /// Installs what was uploaded; as long as that takes.
    public func installRelease(_ body: ReleaseInstallBody) async throws(FoundryError) -> ReleaseSummary {
        let response = try await connection.open(
            APICall(
                method: .post, path: ["foundry", "v1", "releases"], body: try Self.body(body),
                limit: APICall.longestLimit))
        var last: ReleaseWorkLine?
        for try await line in JSONLines<ReleaseWorkLine>(response: response, connection: connection) { last = line }
        if let error = last?.error { throw error.error }
        guard let release = last?.release else {
            throw FoundryError(
                .unreachable, "The server ended without saying what became of the release.",
                hint: "foundry release ls")
        }
        return release
    }

    /// - Parameter version: nil: all of it.
    public func removeRelease(_ name: String, version: String?) async throws(FoundryError) -> ReleaseRemoval {
        let query = version.map { [(name: "version", value: $0)] } ?? []
        return try await connection.send(
            APICall(method: .delete, path: ["foundry", "v1", "releases", name], query: query)
        ).decoded()
    }
}
