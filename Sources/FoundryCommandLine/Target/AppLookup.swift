import FoundryClient
import FoundryModel

/// Finds an app by the name that its user gave it.
public struct AppLookup: Sendable {
    private let api: FoundryAPI

    public init(_ api: FoundryAPI) { self.api = api }

    /// - Throws: `app_not_found`, with the nearest name that is one.
    public func app(_ name: String) async throws(FoundryError) -> AppSummary {
        try Self.find(name, in: try await api.apps())
    }

    static func find(_ name: String, in apps: [AppSummary]) throws(FoundryError) -> AppSummary {
        if let app = apps.first(where: { $0.name == name }) { return app }
        let nearest = NearestName.find(name, among: apps.map(\.name))
        throw FoundryError(
            .appNotFound, "No app is called '\(name)'.",
            hint: nearest.map { "did you mean \($0)?" }
                ?? (apps.isEmpty ? "foundry push redis \(name)" : "`foundry apps` lists them"))
    }
}
