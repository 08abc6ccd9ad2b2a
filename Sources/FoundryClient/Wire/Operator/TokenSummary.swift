/// A token of the API: one of `GET /foundry/v1/tokens`, or the answer to the `POST` that made it.
public struct TokenSummary: Hashable, Sendable, Codable {
    public var name: String
    /// It opens what only shows, secrets left out.
    public var isReadOnly: Bool
    public var createdAt: WireTime
    /// The name of the token that made it.
    public var createdBy: String
    public var expiresAt: WireTime?
    public var isExpired: Bool
    /// The token itself: secret, and told once, when it was made.
    public var token: String?

    public init(
        name: String, isReadOnly: Bool, createdAt: WireTime, createdBy: String, expiresAt: WireTime?, isExpired: Bool,
        token: String? = nil
    ) {
        self.name = name
        self.isReadOnly = isReadOnly
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.expiresAt = expiresAt
        self.isExpired = isExpired
        self.token = token
    }
}

/// What `POST /foundry/v1/tokens` takes.
public struct TokenRequest: Hashable, Sendable, Codable {
    public var name: String
    public var isReadOnly: Bool
    /// nil: it never expires.
    public var expiresInSeconds: Int64?

    public init(name: String, isReadOnly: Bool, expiresInSeconds: Int64?) {
        self.name = name
        self.isReadOnly = isReadOnly
        self.expiresInSeconds = expiresInSeconds
    }
}
