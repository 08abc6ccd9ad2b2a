import FoundryModel

extension FoundryAPI {
    /// Every app, sorted by name.
    public func apps() async throws(FoundryError) -> [AppSummary] { try await list(["foundry", "v1", "apps"]) }

    public func app(_ guid: String) async throws(FoundryError) -> AppSummary {
        try await get(["foundry", "v1", "apps", guid])
    }

    /// Why the app is as it is, in words.
    public func why(_ guid: String) async throws(FoundryError) -> WhyAnswer {
        try await get(["foundry", "v1", "apps", guid, "why"])
    }

    /// What a client of the app needs. Secret.
    ///
    /// - Parameter instance: the number of one of several.
    public func credentials(_ guid: String, instance: Int? = nil) async throws(FoundryError) -> CredentialsAnswer {
        let query = instance.map { [(name: "instance", value: "\($0)")] } ?? []
        return try await get(["foundry", "v1", "apps", guid, "credentials"], query)
    }

    public func start(_ guid: String) async throws(FoundryError) -> JobReference { try await act("start", on: guid) }
    public func stop(_ guid: String) async throws(FoundryError) -> JobReference { try await act("stop", on: guid) }
    public func restart(_ guid: String) async throws(FoundryError) -> JobReference {
        try await act("restart", on: guid)
    }

    /// - Parameters: texts as `push` takes them, "2G", "0.5"; nil: as now.
    public func scale(
        _ guid: String, _ wanted: ScaleBody
    ) async throws(FoundryError) -> JobReference {
        try JobReference(
            try await send(.post, ["v3", "apps", guid, "processes", "web", "actions", "scale"], wanted))
    }

    /// - Parameter purge: its volume goes at once; otherwise it is kept for the days of grace.
    public func delete(_ guid: String, purge: Bool) async throws(FoundryError) -> JobReference {
        let query = purge ? [(name: "purge", value: "true")] : []
        return try JobReference(
            try await connection.send(APICall(method: .delete, path: ["v3", "apps", guid], query: query)))
    }

    private func act(_ verb: String, on guid: String) async throws(FoundryError) -> JobReference {
        try JobReference(
            try await connection.send(APICall(method: .post, path: ["v3", "apps", guid, "actions", verb])))
    }
}
