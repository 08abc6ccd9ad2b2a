import FoundryClient
import FoundryModel
import Hummingbird

/// Who asked for what.
struct AuditEndpoints: Sendable {
    private static let usual = 100
    private static let most = 5_000

    let platform: Platform

    var endpoints: [Endpoint] {
        [
            .get("/foundry/v1/audit") { request throws(FoundryError) in
                let query = try QueryReader(request.query, known: ["limit"])
                let limit = try query.number("limit", in: 1...Self.most) ?? Self.usual
                return try Answer.json(ListAnswer(resources: await platform.audit.last(limit)))
            }
        ]
    }
}
