import FoundryModel

extension FoundryAPI {
    /// Of all apps, those that are gone among them; sorted by the app's name, then by when they were asked for.
    public func snapshots() async throws(FoundryError) -> [SnapshotSummary] {
        try await list(["foundry", "v1", "snapshots"])
    }

    /// - Parameter guid: of the app.
    /// - Returns: what was asked for, and the job that tells when it is taken.
    public func takeSnapshot(
        of guid: String, _ request: SnapshotRequest
    ) async throws(FoundryError) -> (snapshot: SnapshotSummary, job: JobReference) {
        let answer = try await send(.post, ["foundry", "v1", "apps", guid, "snapshots"], request)
        return (try answer.decoded(), try JobReference(answer))
    }

    /// - Parameter guid: of the app whose disk and specification the new one gets.
    /// - Returns: what it will be, and the job that tells when it serves.
    public func clone(
        _ guid: String, _ request: CloneBody
    ) async throws(FoundryError) -> (clone: CloneSummary, job: JobReference) {
        let answer = try await send(.post, ["foundry", "v1", "apps", guid, "clones"], request)
        return (try answer.decoded(), try JobReference(answer))
    }

    /// - Parameter guid: of the app.
    /// - Returns: what its disk will be, and the job that tells when it serves from that.
    public func rewind(
        _ guid: String, _ request: RewindBody
    ) async throws(FoundryError) -> (rewind: RewindSummary, job: JobReference) {
        let answer = try await send(.post, ["foundry", "v1", "apps", guid, "rewinds"], request)
        return (try answer.decoded(), try JobReference(answer))
    }

    /// - Parameter guid: of a volume that no app has.
    /// - Parameter purge: it goes at once; otherwise it is kept for the days of grace.
    /// - Returns: the job that tells when that is so.
    public func removeVolume(_ guid: String, purge: Bool) async throws(FoundryError) -> JobReference {
        let query = purge ? [(name: "purge", value: "true")] : []
        return try JobReference(
            try await connection.send(
                APICall(method: .delete, path: ["foundry", "v1", "volumes", guid], query: query)))
    }

    /// - Returns: the job that tells when its data is gone.
    public func removeSnapshot(_ guid: String) async throws(FoundryError) -> JobReference {
        try JobReference(
            try await connection.send(APICall(method: .delete, path: ["foundry", "v1", "snapshots", guid])))
    }
}
