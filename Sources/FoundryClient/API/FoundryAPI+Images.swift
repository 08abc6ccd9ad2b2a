import FoundryModel

extension FoundryAPI {
    /// Bytes of one part of an upload: what the server takes in one request.
    public static let uploadPart = 1 << 20

    public func images() async throws(FoundryError) -> [ImageSummary] { try await list(["foundry", "v1", "images"]) }
    public func aliases() async throws(FoundryError) -> [AliasSummary] { try await list(["foundry", "v1", "aliases"]) }

    /// Copies an image of a registry to the platform's machine; as long as that takes.
    public func pullImage(_ body: ImagePullBody) async throws(FoundryError) -> ImageArrival {
        try await arrival("pull", body)
    }

    /// Takes in an archive that was uploaded.
    public func importImage(_ body: ImageImportBody) async throws(FoundryError) -> ImageArrival {
        try await arrival("import", body)
    }

    /// - Parameter name: or a digest, or twelve digits of one or more.
    public func removeImage(_ name: String) async throws(FoundryError) -> ImageRemoval {
        let call = APICall(
            method: .delete, path: ["foundry", "v1", "images"], query: [(name: "name", value: name)],
            limit: APICall.longestLimit)
        return try await connection.send(call).decoded()
    }

    /// - Returns: the upload's guid.
    public func beginUpload() async throws(FoundryError) -> String {
        let answer: UploadAnswer = try await connection.send(
            APICall(method: .post, path: ["foundry", "v1", "uploads"])
        ).decoded()
        return answer.guid
    }

    /// - Parameter offset: what was uploaded before.
    public func upload(_ bytes: [UInt8], to guid: String, at offset: Int64) async throws(FoundryError) {
        let call = APICall(
            method: .post, path: ["foundry", "v1", "uploads", guid], query: [(name: "offset", value: "\(offset)")],
            body: APIBody(bytes: bytes, contentType: "application/octet-stream"))
        _ = try await connection.send(call)
    }

    private func arrival(_ verb: String, _ body: some Encodable) async throws(FoundryError) -> ImageArrival {
        let response = try await connection.open(
            APICall(method: .post, path: ["foundry", "v1", "images", verb], body: try Self.body(body)))
        var last: ImageWorkLine?
        for try await line in JSONLines<ImageWorkLine>(response: response, connection: connection) { last = line }
        if let error = last?.error { throw error.error }
        guard let arrival = last?.arrival else {
            throw FoundryError(
                .unreachable, "The server ended without saying what became of the image.",
                hint: "`foundry images` lists what is here")
        }
        return arrival
    }
}
