import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules
import Hummingbird

/// Tokens by name.
struct TokenEndpoints: Sendable {
    let platform: Platform

    var endpoints: [Endpoint] {
        [
            .get("/foundry/v1/tokens") { request throws(FoundryError) in
                _ = try QueryReader(request.query, known: [])
                return try Answer.json(ListAnswer(resources: tokens()))
            },
            .post("/foundry/v1/tokens") { request throws(FoundryError) in try await create(request) },
            .delete("/foundry/v1/tokens/:name") { request throws(FoundryError) in try await revoke(request) },
        ]
    }

    /// Sorted by name.
    private func tokens() -> [TokenSummary] {
        let now = SystemClock.timestamp()
        return platform.view.tokens.values.map(\.value).sorted { $0.name < $1.name }.map { summary($0, now) }
    }

    private func summary(_ token: TokenRecord, _ now: Timestamp, secret: String? = nil) -> TokenSummary {
        TokenSummary(
            name: token.name.description, isReadOnly: token.isReadOnly, createdAt: WireTime(token.createdAt),
            createdBy: token.createdBy, expiresAt: token.expiresAt.map { WireTime($0) },
            isExpired: token.isExpired(now), token: secret)
    }

    private func create(_ request: APIRequest) async throws(FoundryError) -> Response {
        _ = try QueryReader(request.query, known: [])
        var fields = try FieldReader(try ManifestJSON.read(request.body), path: "")
        let name = try fields.text("name") ?? ""
        let isReadOnly = try fields.flag("is_read_only") ?? false
        let seconds = try fields.integer("expires_in_seconds")
        try fields.finish()
        let secret = TokenSecret.random()
        let life = seconds.map { Int64(clamping: $0).multipliedReportingOverflow(by: 1000) }
        let record = try await platform.changes.make { view throws(FoundryError) in
            var generator = SystemRandomNumberGenerator()
            let plan = try TokenRule.create(
                name, hash: TokenSecret.hash(secret), isReadOnly: isReadOnly,
                life: life.map { $0.overflow ? -1 : $0.partialValue }, by: request.caller, view: view,
                now: SystemClock.timestamp(), using: &generator)
            return Change(name: "token.create", subject: name, writes: plan.writes, answer: plan.record)
        }
        return try Answer.json(summary(record, record.createdAt, secret: secret), status: .created)
    }

    private func revoke(_ request: APIRequest) async throws(FoundryError) -> Response {
        _ = try QueryReader(request.query, known: [])
        let name = request.parameters["name"] ?? ""
        try await platform.changes.make { view throws(FoundryError) in
            var generator = SystemRandomNumberGenerator()
            let writes = try TokenRule.revoke(
                name, by: request.caller, view: view, now: SystemClock.timestamp(), using: &generator)
            return Change(name: "token.revoke", subject: name, writes: writes, answer: ())
        }
        return Answer.nothing()
    }
}
