import FoundryModel

/// Tokens of the API: made, and taken back.
public enum TokenRule {
    /// Beyond the installation's own.
    public static let most = 100
    public static let longestLife: Int64 = 10 * 366 * 86_400_000

    /// - Parameter life: in milliseconds; nil: for ever.
    /// - Parameter actor: the name of the token that asked.
    /// - Throws: `name_invalid`, `name_taken`, `bad_request` for a life that is none, `too_many_requests` when there are too many.
    public static func create(
        _ name: String, hash: String, isReadOnly: Bool, life: Int64?, by actor: String, view: PlatformView,
        now: Timestamp, using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> (record: TokenRecord, writes: [RecordWrite]) {
        guard let name = TokenName(name) else {
            throw FoundryError(
                .nameInvalid, "A token cannot be called '\(name.prefix(80))'.",
                hint: "a-z, 0-9 and hyphens, beginning with a letter, at most 63")
        }
        guard name.description != TokenName.root, view.tokens[name] == nil else {
            throw FoundryError(
                .nameTaken, "There is a token called '\(name)' already.", hint: "foundry token revoke \(name)")
        }
        guard life.map({ (1...longestLife).contains($0) }) ?? true else {
            throw FoundryError(
                .badRequest, "A token lives a second at least, and ten years at most.", hint: "--expires 30d")
        }
        guard view.tokens.count < most else {
            throw FoundryError(
                .tooManyRequests, "There are \(most) tokens already.", hint: "foundry token revoke NAME")
        }
        let record = TokenRecord(
            name: name, hash: hash, isReadOnly: isReadOnly, createdAt: now, createdBy: actor,
            expiresAt: life.map { now + $0 })
        let what = (isReadOnly ? "may read" : "may do everything") + (record.expiresAt.map { ", until \($0)" } ?? "")
        return (
            record,
            [
                .put(.token(record), expects: .absent),
                event(.tokenCreated, "token \(name)", what, actor, now, &generator),
            ]
        )
    }

    /// - Throws: `not_found`, `bad_request` for the installation's own.
    public static func revoke(
        _ name: String, by actor: String, view: PlatformView, now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> [RecordWrite] {
        guard name != TokenName.root else {
            throw FoundryError(
                .badRequest, "The installation's own token cannot be revoked.",
                hint: "foundry down, remove the file `token` of the data directory, foundry up")
        }
        guard let token = TokenName(name).flatMap({ view.tokens[$0] }) else {
            let nearest = NearestName.find(name, among: view.tokens.keys.map(\.description))
            throw FoundryError(
                .notFound, "No token is called '\(name.prefix(80))'.",
                hint: nearest.map { "did you mean \($0)?" } ?? "foundry token ls")
        }
        return [
            .delete(key: Record.token(token.value).key, kind: .token, expects: .revision(token.revision)),
            event(.tokenRevoked, "token \(token.value.name)", "opens nothing any more", actor, now, &generator),
        ]
    }

    /// Of what opens something, and belongs to no app.
    static func event(
        _ kind: EventName, _ subject: String, _ message: String, _ actor: String, _ now: Timestamp,
        _ generator: inout some RandomNumberGenerator
    ) -> RecordWrite {
        .put(
            .event(
                EventRecord(
                    id: .random(using: &generator), time: now, kind: kind, app: nil, subject: subject, message: message,
                    actor: actor)), expects: .absent)
    }
}
