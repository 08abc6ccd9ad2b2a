import FoundryModel

/// The API's description of itself.
struct OpenAPIEndpoint: Sendable {
    var endpoints: [Endpoint] {
        [
            .get("/foundry/v1/openapi.json") { request throws(FoundryError) in
                _ = try QueryReader(request.query, known: [])
                do { return try Answer.json(OpenAPIDocument.make()) } catch {
                    throw FoundryError(.internalError, "The description cannot be written.", detail: "\(error)")
                }
            }
        ]
    }
}
