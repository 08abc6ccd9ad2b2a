/// A token of the API that was made by name. The token itself is not kept: only what it hashes to.
public struct TokenRecord: Hashable, Sendable, Codable {
    public var name: TokenName
    /// SHA-256 of the token's text, in hexadecimal digits. The token has 256 random bits, so nobody finds it by trying.
    public var hash: String
    /// It opens what only shows, secrets left out.
    public var isReadOnly: Bool
    public var createdAt: Timestamp
    /// By the token of that name.
    public var createdBy: String
    /// It opens nothing from then on; nil: never.
    public var expiresAt: Timestamp?

    public init(
        name: TokenName, hash: String, isReadOnly: Bool, createdAt: Timestamp, createdBy: String, expiresAt: Timestamp?
    ) {
        self.name = name
        self.hash = hash
        self.isReadOnly = isReadOnly
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.expiresAt = expiresAt
    }

    public func isExpired(_ now: Timestamp) -> Bool { expiresAt.map { $0 <= now } ?? false }
}

/// The name of a token: the same shape as an app's.
public struct TokenName: CheckedText {
    public static let noun = "a name"
    /// Of the token that the installation was made with.
    public static let root = "operator"

    public let description: String

    public init?(_ text: String) {
        guard AppName(text) != nil else { return nil }
        description = text
    }
}
