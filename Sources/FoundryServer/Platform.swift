import FoundryEffects
import FoundryModel
import FoundryRules

/// Everything that the API's endpoints work with.
struct Platform: Sendable {
    /// The only organization and the only space.
    static let organization = "default"
    static let space = "default"
    static let version = "0.1.0"

    let configuration: PlatformConfiguration
    let paths: Paths
    let feed: ViewFeed
    let controller: Controller
    let changes: Changes
    let presence: Presence
    let images: ImageResolver
    let audit: AuditLog
    let usage = UsageBoard()
    let drains = LogDrainBoard()
    let execs = ExecBoard()
    let requests = RequestTally()
    let events: EventTally
    let permits = Permits(limit: Limits.waiting)
    let uploads: Uploads
    let backups: StoreBackups
    let certificates: ServiceCertificates
    let catalog = BrokerCatalog()
    /// Of the server process.
    let startedAt: Timestamp
    /// Of the installation.
    let createdAt: Timestamp

    var view: PlatformView { feed.view }
    /// Without those that are being deleted.
    var apps: [AppRecord] {
        view.apps.values.map(\.value).filter { app in
            if case .deleted = app.desired { false } else { true }
        }
    }
    /// Whose images stay: an offering's, too, before there is an instance.
    var imageUsers: [ImageUser] {
        apps.map { ImageUser(name: $0.name.description, images: $0.images) }
            + view.releases.values.map { ImageUser(name: "release \($0.value.id)", images: [$0.value.image]) }
    }
    var shelf: ImageShelf {
        ImageShelf(
            layout: ImageLayout(paths.images), layers: LayerDirectories(root: configuration.layers),
            ownsLayers: configuration.layers.hasPrefix("\(paths.data)/"), secrets: paths.run, images: images)
    }

    /// Where routes of a scope listen; nil when there are none.
    func host(of scope: RouteScope) -> String? {
        switch scope {
        case .loopback: "127.0.0.1"
        case .public: configuration.routes.publicRange?.address
        }
    }

    /// The addresses that routes listen at.
    var domains: [RouteScope: String] {
        var domains: [RouteScope: String] = [:]
        for scope in RouteScope.allCases { domains[scope] = host(of: scope) }
        return domains
    }

    /// - Throws: `app_not_found`; its message is one that Cloud Foundry's clients look for.
    func app(_ request: APIRequest, in view: PlatformView) throws(FoundryError) -> Revised<AppRecord> {
        let missing = FoundryError(.appNotFound, "App not found", hint: "`foundry apps` lists them")
        let id: AppID = try request.id("guid", or: missing)
        guard let app = view.apps[id] else { throw missing }
        return app
    }

    func isServing(_ route: RouteRecord, in view: PlatformView) -> Bool {
        presence.router?.report.applied.contains {
            $0.scope == route.scope && $0.port == route.port && !$0.targets.isEmpty
        } ?? false
    }
}
