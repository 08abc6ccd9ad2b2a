import FoundryClient
import FoundryModel

/// Finds an app by the name that its user gave it.
public struct AppLookup: Sendable {
    private let api: FoundryAPI

    public init(_ api: FoundryAPI) { self.api = api }

    /// Also what runs for a service instance, by the name of that.
    ///
    /// - Throws: `app_not_found`, with the nearest name that is one.
    public func app(_ name: String) async throws(FoundryError) -> AppSummary {
        let apps = try await api.apps()
        if !apps.contains(where: { $0.name == name }) {
            let instances = try await api.serviceInstances(named: name)
            if let instance = instances.first(where: { $0.name == name }) {
                return try await api.app(instance.foundry.appGuid)
            }
        }
        return try Self.find(name, in: apps)
    }

    static func find(_ name: String, in apps: [AppSummary]) throws(FoundryError) -> AppSummary {
        if let app = apps.first(where: { $0.name == name }) { return app }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 2, let number = Int(parts[1]) {
            throw FoundryError(
                .appNotFound, "'\(name)' names a member, and an app is asked for.",
                hint: "\(parts[0]), with --instance \(number) where a command is for one member")
        }
        let nearest = NearestName.find(name, among: apps.map(\.name))
        throw FoundryError(
            .appNotFound, "No app is called '\(name)'.",
            hint: nearest.map { "did you mean \($0)?" }
                ?? (apps.isEmpty ? "foundry push redis \(name)" : "`foundry apps` lists them"))
    }
}
