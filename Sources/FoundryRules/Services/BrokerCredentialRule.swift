import FoundryModel

/// With which clients use the broker: several at once, so that one can take another's place.
public enum BrokerCredentialRule {
    public static let most = 20

    /// - Parameter hash: of the password.
    /// - Parameter actor: the name of the token that asked.
    /// - Throws: `name_invalid`, `name_taken`, `too_many_requests`.
    public static func create(
        _ text: String, hash: String, by actor: String, view: PlatformView, now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> (record: BrokerCredentialRecord, writes: [RecordWrite]) {
        guard let name = TokenName(text) else {
            throw FoundryError(
                .nameInvalid, "A credential of the broker cannot be called '\(text.prefix(80))'.",
                hint: "a-z, 0-9 and hyphens, beginning with a letter, at most 63")
        }
        guard view.brokerCredentials[name] == nil else {
            throw FoundryError(
                .nameTaken, "The broker has a credential called '\(name)' already.",
                hint: "foundry broker credentials rm \(name)")
        }
        guard view.brokerCredentials.count < most else {
            throw FoundryError(
                .tooManyRequests, "The broker has \(most) credentials already.",
                hint: "foundry broker credentials rm NAME")
        }
        let record = BrokerCredentialRecord(name: name, hash: hash, createdAt: now, createdBy: actor)
        return (
            record,
            [
                .put(.brokerCredential(record), expects: .absent),
                TokenRule.event(.credentialCreated, "credential \(name)", "opens the broker", actor, now, &generator),
            ]
        )
    }

    /// - Throws: `not_found`.
    public static func revoke(
        _ text: String, by actor: String, view: PlatformView, now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> [RecordWrite] {
        guard let credential = TokenName(text).flatMap({ view.brokerCredentials[$0] }) else {
            let nearest = NearestName.find(text, among: view.brokerCredentials.keys.map(\.description))
            throw FoundryError(
                .notFound, "The broker has no credential called '\(text.prefix(80))'.",
                hint: nearest.map { "did you mean \($0)?" } ?? "foundry broker credentials ls")
        }
        return [
            .delete(
                key: Record.brokerCredential(credential.value).key, kind: .brokerCredential,
                expects: .revision(credential.revision)),
            TokenRule.event(
                .credentialRevoked, "credential \(credential.value.name)", "opens nothing any more", actor, now,
                &generator),
        ]
    }
}
