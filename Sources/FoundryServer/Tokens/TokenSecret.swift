import Crypto
import FoundryModel

/// A token's text, and what is kept of it.
enum TokenSecret {
    private static let prefix = "foundry_"

    /// A token of 256 random bits. It begins with a word that scanners for leaked secrets can look for.
    static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        return prefix + hexadecimal((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }

    static func hash(_ token: String) -> String { hexadecimal(Array(SHA256.hash(data: Array(token.utf8)))) }

    /// Takes the same time wherever the difference lies.
    static func isSame(_ left: String, _ right: String) -> Bool {
        let (one, other) = (Array(left.utf8), Array(right.utf8))
        guard one.count == other.count else { return false }
        return zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
