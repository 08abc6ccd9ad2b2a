import FoundryModel
import Hummingbird

/// The one secret that opens the API.
struct BearerToken: Sendable {
    private let secret: [UInt8]

    /// - Throws: `configuration_invalid` when it is too short to be one.
    init(_ text: String) throws(FoundryError) {
        secret = Array(text.utf8.filter { $0 > 0x20 })
        guard secret.count >= 16 else {
            throw FoundryError(.configurationInvalid, "The token's file holds no token.", hint: "foundry doctor")
        }
    }

    /// - Throws: `unauthenticated`.
    func check(_ headers: HTTPFields) throws(FoundryError) {
        guard let value = headers[.authorization] else { throw Self.refusal("The request carries no token.") }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer", isSecret(Array(parts[1].utf8)) else {
            throw Self.refusal("The token is not this platform's.")
        }
    }

    /// Takes the same time wherever the difference lies.
    private func isSecret(_ candidate: [UInt8]) -> Bool {
        var difference = UInt(bitPattern: candidate.count ^ secret.count)
        for index in secret.indices {
            difference |= UInt(secret[index] ^ (index < candidate.count ? candidate[index] : 0))
        }
        return difference == 0
    }

    private static func refusal(_ message: String) -> FoundryError {
        FoundryError(
            .unauthenticated, message,
            hint: "send `Authorization: Bearer TOKEN`; `foundry up` writes the token to your configuration")
    }
}
