import FoundryModel

extension FoundryAPI {
    /// The tokens that were made by name, sorted by it.
    public func tokens() async throws(FoundryError) -> [TokenSummary] { try await list(["foundry", "v1", "tokens"]) }

    /// - Returns: the token with its text, which is told this once.
    public func createToken(_ request: TokenRequest) async throws(FoundryError) -> TokenSummary {
        try await send(.post, ["foundry", "v1", "tokens"], request).decoded()
    }

    public func revokeToken(_ name: String) async throws(FoundryError) {
        _ = try await connection.send(APICall(method: .delete, path: ["foundry", "v1", "tokens", name]))
    }

    /// Who asked for what, oldest first.
    public func audit(limit: Int) async throws(FoundryError) -> [AuditEntry] {
        try await list(["foundry", "v1", "audit"], [(name: "limit", value: "\(limit)")])
    }
}
