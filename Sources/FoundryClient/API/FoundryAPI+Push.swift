import FoundryModel

extension FoundryAPI {
    /// The guid of the only space.
    static let space = "default"

    /// What a push would do. Changes nothing.
    public func plan(_ manifest: APIBody) async throws(FoundryError) -> PlanAnswer {
        let call = APICall(
            method: .post, path: ["foundry", "v1", "spaces", Self.space, "plan"], body: manifest,
            limit: APICall.longestLimit)
        return try await connection.send(call).decoded()
    }

    /// Makes the apps of a manifest, or changes them to what it says.
    ///
    public func apply(_ manifest: APIBody) async throws(FoundryError) -> JobReference {
        let path = ["v3", "spaces", Self.space, "actions", "apply_manifest"]
        let call = APICall(method: .post, path: path, body: manifest, limit: APICall.longestLimit)
        return try JobReference(try await connection.send(call))
    }
}
