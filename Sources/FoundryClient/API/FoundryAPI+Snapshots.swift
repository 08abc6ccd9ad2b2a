import FoundryModel

extension FoundryAPI {
    /// Of all apps, those that are gone among them; sorted by the app's name, then by when they were asked for.
    public func snapshots() async throws(FoundryError) -> [SnapshotSummary] {
        try await list(["foundry", "v1", "snapshots"])
    }

    /// - Parameter guid: of the app.
    /// - Parameter name: nil: one is made of the time.
    /// - Returns: what was asked for, and the job that tells when it is taken.
    public func takeSnapshot(
        of guid: String, name: String?
    ) async throws(FoundryError) -> (snapshot: SnapshotSummary, job: JobReference) {
        let body: APIBody
        do { body = try .json(SnapshotRequest(name: name)) } catch {
            throw FoundryError(.internalError, "The request could not be written.", detail: "\(error)")
        }
        let call = APICall(method: .post, path: ["foundry", "v1", "apps", guid, "snapshots"], body: body)
        let answer = try await connection.send(call)
        return (try answer.decoded(), try JobReference(answer))
    }

    /// - Returns: the job that tells when its data is gone.
    public func removeSnapshot(_ guid: String) async throws(FoundryError) -> JobReference {
        try JobReference(
            try await connection.send(APICall(method: .delete, path: ["foundry", "v1", "snapshots", guid])))
    }
}
