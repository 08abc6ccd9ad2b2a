import FoundryEffects
import FoundryModel
import Hummingbird

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Who may ask the API for what.
struct Gate: Sendable {
    /// The installation's own token.
    let root: BearerToken
    /// Knows the tokens by name.
    let feed: ViewFeed

    /// - Throws: `unauthenticated`.
    func check(_ headers: HTTPFields) throws(FoundryError) -> Caller {
        guard let value = headers[.authorization] else { throw Self.refusal("The request carries no token.") }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer", let caller = caller(String(parts[1])) else {
            throw Self.refusal("The token is not this platform's.")
        }
        return caller
    }

    /// A browser's way to send a token: as the password of the user `token`.
    ///
    /// A browser sends it with every request to this address, whichever page asks: so it opens nothing but what only shows.
    func checkBrowser(_ authorization: String?) -> Caller? {
        guard let pair = Self.basic(authorization), pair.name == "token" else { return nil }
        return caller(pair.password)
    }

    /// A client of the broker: any of its credentials opens all of it, and nothing else.
    ///
    /// - Throws: `unauthenticated`.
    func checkBroker(_ headers: HTTPFields) throws(FoundryError) -> Caller {
        guard let pair = Self.basic(headers[.authorization]) else {
            throw Self.brokerRefusal("The request carries no name and password.")
        }
        let hash = TokenSecret.hash(pair.password)
        // Each is compared, whatever the name: how long it takes says nothing of which there are.
        let found = feed.view.brokerCredentials.values.map(\.value).filter { credential in
            let isPassword = TokenSecret.isSame(credential.hash, hash)
            return TokenSecret.isSame(credential.name.description, pair.name) && isPassword
        }.first
        guard let found else { throw Self.brokerRefusal("The name and password are not the broker's.") }
        return Caller(name: "broker/\(found.name)", isReadOnly: false, isBroker: true)
    }

    /// For what only shows: a token in either way, or a credential of the broker.
    func checkReader(_ authorization: String?) -> Caller? {
        guard let authorization else { return nil }
        let headers: HTTPFields = [.authorization: authorization]
        return (try? check(headers)) ?? checkBrowser(authorization) ?? (try? checkBroker(headers))
    }

    /// - Source: RFC 7617.
    private static func basic(_ authorization: String?) -> (name: String, password: String)? {
        let parts = (authorization ?? "").split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "basic",
            let bytes = Data(base64Encoded: String(parts[1])), let text = String(validating: bytes, as: UTF8.self)
        else { return nil }
        let pair = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        return pair.count == 2 ? (String(pair[0]), String(pair[1])) : nil
    }

    private static func brokerRefusal(_ message: String) -> FoundryError {
        FoundryError(.unauthenticated, message, hint: "foundry broker credentials add NAME")
    }

    private func caller(_ token: String) -> Caller? {
        let hash = TokenSecret.hash(token)
        if root.isSecret(hash: hash) { return Caller(name: TokenName.root, isReadOnly: false) }
        let found = feed.view.tokens.values.map(\.value).filter { TokenSecret.isSame($0.hash, hash) }.first
        guard let found, !found.isExpired(SystemClock.timestamp()) else { return nil }
        return Caller(name: found.name.description, isReadOnly: found.isReadOnly)
    }

    private static func refusal(_ message: String) -> FoundryError {
        FoundryError(
            .unauthenticated, message,
            hint: "send `Authorization: Bearer TOKEN`; `foundry up` writes the token to your configuration")
    }
}

/// Whose token a request carries.
struct Caller: Hashable, Sendable {
    /// The token's.
    var name: String
    /// It opens what only shows, secrets left out.
    var isReadOnly: Bool
    /// It is a client of the broker.
    var isBroker = false

    /// - Throws: `forbidden`.
    func check(_ endpoint: Endpoint) throws(FoundryError) {
        guard isReadOnly, !endpoint.isForReaders else { return }
        throw FoundryError(
            .forbidden, "The token '\(name)' may only read, and no secrets.",
            hint: "foundry token create NAME makes one that may do everything")
    }
}
