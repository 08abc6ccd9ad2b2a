import FoundryModel

extension FoundryAPI {
    public func status() async throws(FoundryError) -> StatusAnswer { try await get(["foundry", "v1", "status"]) }
    public func volumes() async throws(FoundryError) -> [VolumeSummary] {
        try await list(["foundry", "v1", "volumes"])
    }
    /// What every member uses, sorted by name.
    public func usage() async throws(FoundryError) -> [MemberUsageSummary] {
        try await list(["foundry", "v1", "usage"])
    }
}
