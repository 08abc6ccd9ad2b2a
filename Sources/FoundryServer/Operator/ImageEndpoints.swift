import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules
import Hummingbird

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Images come and go. What takes long is answered by a line at its end, and by empty ones until then.
struct ImageEndpoints: Sendable {
    /// A tree of many files goes slowly.
    private static let removal = Duration.seconds(90)

    let platform: Platform

    var endpoints: [Endpoint] {
        [
            .post("/foundry/v1/images/pull") { request throws(FoundryError) in
                let body = try decode(ImagePullBody.self, request)
                let shelf = platform.shelf
                return try work { () async throws(FoundryError) in try await shelf.pull(body) }
            },
            .post("/foundry/v1/images/import") { request throws(FoundryError) in try await take(request) },
            Endpoint(.delete, "/foundry/v1/images", limit: Self.removal) { request throws(FoundryError) in
                guard let name = try QueryReader(request.query, known: ["name"]).text("name"), !name.isEmpty else {
                    throw FoundryError(.badRequest, "The query parameter 'name' is missing.", hint: "?name=NAME")
                }
                return try Answer.json(try await platform.shelf.remove(name) { platform.imageUsers })
            },
            .post("/foundry/v1/uploads") { request throws(FoundryError) in
                _ = try QueryReader(request.query, known: [])
                return try Answer.json(
                    UploadAnswer(guid: try await platform.uploads.begin(), size: 0), status: .created)
            },
            .post("/foundry/v1/uploads/:guid") { request throws(FoundryError) in
                let guid = request.parameters["guid"] ?? ""
                let query = try QueryReader(request.query, known: ["offset"])
                guard let offset = try query.number("offset", in: 0...Int(Uploads.largest.bytes)) else {
                    throw FoundryError(.badRequest, "The query parameter 'offset' is missing.", hint: "?offset=BYTES")
                }
                let size = try await platform.uploads.add(request.body, to: guid, at: Int64(offset))
                return try Answer.json(UploadAnswer(guid: guid, size: size))
            },
        ]
    }

    private func take(_ request: APIRequest) async throws(FoundryError) -> Response {
        let body = try decode(ImageImportBody.self, request)
        let file = try await platform.uploads.take(body.upload)
        let shelf = platform.shelf
        return try work { () async throws(FoundryError) in
            defer { try? FileManager.default.removeItem(atPath: file) }
            return try await shelf.take(file, name: body.name)
        }
    }

    /// - Throws: `not_json`, `wrong_type`.
    private func decode<Body: Decodable>(_ type: Body.Type, _ request: APIRequest) throws(FoundryError) -> Body {
        _ = try QueryReader(request.query, known: [])
        do { return try WireJSON.decode(type, from: Data(request.body)) } catch let error as DecodingError {
            if case .dataCorrupted = error {
                throw FoundryError(.notJSON, "The body is not JSON.", hint: "docs/reference/api.md")
            }
            throw FoundryError(
                .wrongType, "The body lacks a field, or one has the wrong type.", hint: "docs/reference/api.md")
        } catch {
            throw FoundryError(.notJSON, "The body is not JSON.", hint: "docs/reference/api.md")
        }
    }

    private func work(
        _ body: @escaping @Sendable () async throws(FoundryError) -> ImageArrival
    ) throws(FoundryError) -> Response {
        try LongWork.answer(platform) {
            do throws(FoundryError) { return ImageWorkLine(arrival: try await body()) } catch {
                return ImageWorkLine(error: ErrorItem(error))
            }
        }
    }
}
