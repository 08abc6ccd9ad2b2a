import FoundryModel

/// The secret that the installation was made with; it opens all of the API.
struct BearerToken: Sendable {
    private let secret: [UInt8]

    /// - Throws: `configuration_invalid` when it is too short to be one.
    init(_ text: String) throws(FoundryError) {
        secret = Array(text.utf8.filter { $0 > 0x20 })
        guard secret.count >= 16 else {
            throw FoundryError(.configurationInvalid, "The token's file holds no token.", hint: "foundry doctor")
        }
    }

    /// Takes the same time wherever the difference lies.
    func isSecret(_ candidate: [UInt8]) -> Bool {
        var difference = UInt(bitPattern: candidate.count ^ secret.count)
        for index in secret.indices {
            difference |= UInt(secret[index] ^ (index < candidate.count ? candidate[index] : 0))
        }
        return difference == 0
    }
}
