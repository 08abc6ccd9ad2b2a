/// What a client of the broker signs in with: one of `GET /foundry/v1/broker_credentials`, or the answer to the `POST` that made it.
public struct BrokerCredentialSummary: Hashable, Sendable, Codable {
    public var name: String
    public var createdAt: WireTime
    /// The name of the token that made it.
    public var createdBy: String
    /// Where the broker answers.
    public var url: String?
    /// Secret, and told once, when it was made.
    public var password: String?

    public init(name: String, createdAt: WireTime, createdBy: String, url: String? = nil, password: String? = nil) {
        self.name = name
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.url = url
        self.password = password
    }
}

/// What `POST /foundry/v1/broker_credentials` takes.
public struct BrokerCredentialRequest: Hashable, Sendable, Codable {
    public var name: String

    public init(name: String) { self.name = name }
}

/// `POST /foundry/v1/secrets/actions/rotate`: secrets are sealed with another key.
public struct SecretsRotationAnswer: Hashable, Sendable, Codable {
    /// That were written anew.
    public var records: Int
    /// Keys that are no longer there.
    public var droppedKeys: Int

    public init(records: Int, droppedKeys: Int) {
        self.records = records
        self.droppedKeys = droppedKeys
    }
}
