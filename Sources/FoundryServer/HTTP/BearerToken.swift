import FoundryModel

/// The secret that the installation was made with; it opens all of the API.
struct BearerToken: Sendable {
    private let hash: String

    /// - Throws: `configuration_invalid` when it is too short to be one.
    init(_ text: String) throws(FoundryError) {
        let secret = text.utf8.filter { $0 > 0x20 }
        guard secret.count >= 16 else {
            throw FoundryError(.configurationInvalid, "The token's file holds no token.", hint: "foundry doctor")
        }
        hash = TokenSecret.hash(String(decoding: secret, as: UTF8.self))
    }

    /// - Parameter candidate: what a token hashes to.
    func isSecret(hash candidate: String) -> Bool { TokenSecret.isSame(hash, candidate) }
}
