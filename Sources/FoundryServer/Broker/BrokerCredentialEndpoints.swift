import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules
import Hummingbird

/// With which clients use the broker.
struct BrokerCredentialEndpoints: Sendable {
    private static let path = "/foundry/v1/broker_credentials"

    let platform: Platform

    var endpoints: [Endpoint] {
        [
            .get(Self.path) { request throws(FoundryError) in
                _ = try QueryReader(request.query, known: [])
                let credentials = platform.view.brokerCredentials.values.map(\.value).sorted { $0.name < $1.name }
                return try Answer.json(ListAnswer(resources: credentials.map { summary($0, request) }))
            },
            .post(Self.path) { request throws(FoundryError) in try await create(request) },
            .delete("\(Self.path)/:name") { request throws(FoundryError) in try await revoke(request) },
        ]
    }

    private func summary(
        _ credential: BrokerCredentialRecord, _ request: APIRequest, password: String? = nil
    ) -> BrokerCredentialSummary {
        BrokerCredentialSummary(
            name: credential.name.description, createdAt: WireTime(credential.createdAt),
            createdBy: credential.createdBy, url: request.base, password: password)
    }

    private func create(_ request: APIRequest) async throws(FoundryError) -> Response {
        _ = try QueryReader(request.query, known: [])
        var fields = try FieldReader(try ManifestJSON.read(request.body), path: "")
        let name = try fields.text("name") ?? ""
        try fields.finish()
        let password = TokenSecret.random()
        let record = try await platform.changes.make { view throws(FoundryError) in
            var generator = SystemRandomNumberGenerator()
            let plan = try BrokerCredentialRule.create(
                name, hash: TokenSecret.hash(password), by: request.caller, view: view,
                now: SystemClock.timestamp(), using: &generator)
            return Change(name: "credential.create", subject: name, writes: plan.writes, answer: plan.record)
        }
        return try Answer.json(summary(record, request, password: password), status: .created)
    }

    private func revoke(_ request: APIRequest) async throws(FoundryError) -> Response {
        _ = try QueryReader(request.query, known: [])
        let name = request.parameters["name"] ?? ""
        try await platform.changes.make { view throws(FoundryError) in
            var generator = SystemRandomNumberGenerator()
            let writes = try BrokerCredentialRule.revoke(
                name, by: request.caller, view: view, now: SystemClock.timestamp(), using: &generator)
            return Change(name: "credential.revoke", subject: name, writes: writes, answer: ())
        }
        return Answer.nothing()
    }
}
