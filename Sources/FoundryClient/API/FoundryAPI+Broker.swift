import FoundryModel

extension FoundryAPI {
    /// With which clients use the broker, sorted by name.
    public func brokerCredentials() async throws(FoundryError) -> [BrokerCredentialSummary] {
        try await list(["foundry", "v1", "broker_credentials"])
    }

    /// - Returns: it with its password, which is told this once.
    public func addBrokerCredential(_ name: String) async throws(FoundryError) -> BrokerCredentialSummary {
        try await send(.post, ["foundry", "v1", "broker_credentials"], BrokerCredentialRequest(name: name)).decoded()
    }

    public func removeBrokerCredential(_ name: String) async throws(FoundryError) {
        _ = try await connection.send(
            APICall(method: .delete, path: ["foundry", "v1", "broker_credentials", name]))
    }

    /// Seals every secret with a new key.
    public func rotateSecrets() async throws(FoundryError) -> SecretsRotationAnswer {
        try await connection.send(
            APICall(
                method: .post, path: ["foundry", "v1", "secrets", "actions", "rotate"], limit: APICall.longestLimit)
        ).decoded()
    }
}
