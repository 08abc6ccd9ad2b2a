import FoundryClient
import FoundryModel

/// Finds releases by name.
public struct ReleaseLookup: Sendable {
    private let api: FoundryAPI

    public init(_ api: FoundryAPI) { self.api = api }

    /// - Parameter version: nil: the one that is offered.
    /// - Throws: `release_not_found`, with the nearest name that is one.
    public func release(_ name: String, version: String?) async throws(FoundryError) -> ReleaseSummary {
        try Self.find(name, version: version, in: try await api.releases())
    }

    static func find(
        _ name: String, version: String?, in releases: [ReleaseSummary]
    ) throws(FoundryError) -> ReleaseSummary {
        let own = releases.filter { $0.name == name }
        if let release = own.first(where: { version == nil ? $0.isCurrent : $0.version == version }) { return release }
        guard own.isEmpty else {
            throw FoundryError(
                .releaseNotFound, "\(name) \(version ?? "") is not installed.",
                hint: "installed: \(own.map(\.version).joined(separator: ", "))")
        }
        let nearest = NearestName.find(name, among: releases.map(\.name)).map { "did you mean \($0)?" }
        throw FoundryError(
            .releaseNotFound, "No release '\(name)' is installed.", hint: nearest ?? "foundry release ls")
    }
}
