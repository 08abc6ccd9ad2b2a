import FoundryClient
import FoundryModel
import FoundryRules

/// Apps with all that is theirs, joined from one view.
struct AppSummaries {
    let platform: Platform
    let view: PlatformView
    private let members: [AppID: [MemberRecord]]
    private let routes: [AppID: RouteRecord]

    init(_ platform: Platform) {
        self.platform = platform
        view = platform.view
        members = Dictionary(grouping: view.members.values.map(\.value).sorted { $0.index < $1.index }, by: \.app)
        routes = Dictionary(view.routes.values.map { ($0.value.app, $0.value) }) { first, _ in first }
    }

    /// Sorted by name; without what runs for service instances.
    var all: [AppSummary] {
        view.apps.values.map(\.value).filter { $0.spec.service == nil }.sorted { ($0.name, $0.id) < ($1.name, $1.id) }
            .map(summary)
    }

    func summary(_ app: AppRecord) -> AppSummary {
        let members = members[app.id] ?? []
        return AppSummary(
            guid: app.id.description, name: app.name.description, desired: Self.word(app.desired),
            state: state(app, members),
            image: PlanShapes.image(app.spec.image), instances: app.spec.instances, memory: app.spec.memory.bytes,
            cpuMillicores: app.spec.cpu.count,
            disk: app.spec.disk?.size.bytes, mounts: app.spec.disk?.mounts.map(\.path) ?? [],
            ephemeralPaths: app.spec.ephemeralPaths,
            environmentNames: app.spec.environment.keys.sorted(), restartPolicy: app.spec.restartPolicy.rawValue,
            policy: PlanShapes.policy(app.spec),
            generation: app.generation,
            createdAt: WireTime(app.createdAt), updatedAt: WireTime(app.updatedAt),
            route: routes[app.id].map {
                PlanShapes.route(
                    $0, host: platform.host(of: $0.scope) ?? "", isServing: platform.isServing($0, in: view))
            },
            members: members.map { MemberShapes.member($0, of: app, in: view, presence: platform.presence) },
            checks: CheckWords.lines(app.spec),
            change: Why.change(of: app))
    }

    /// What is, in one word.
    private func state(_ app: AppRecord, _ members: [MemberRecord]) -> String {
        let statuses = members.map { view.statuses[$0.id]?.value }
        switch app.desired {
        case .deleted: return "deleting"
        case .stopped: return statuses.allSatisfy { $0 == nil || $0?.phase == .stopped } ? "stopped" : "stopping"
        case .started:
            let words = members.map { word($0, of: app) }
            let isWhole = members.count { $0.role == .primary } >= app.spec.instances
            return Self.worst.first(where: words.contains) ?? (isWhole ? "running" : "starting")
        }
    }

    /// Of several members the app is as the first of these says.
    private static let worst = ["refused", "crashed", "waiting", "unhealthy", "unready", "starting"]

    private func word(_ member: MemberRecord, of app: AppRecord) -> String {
        // One that went back with a change runs under an older generation.
        guard let status = view.statuses[member.id]?.value, status.generation >= (member.pinned ?? app.generation)
        else {
            return "starting"
        }
        switch status.phase {
        case .healthy: return "running"
        case .preparing, .starting, .stopping, .stopped: return "starting"
        case .unhealthy, .unready, .waiting, .crashed, .refused: return PhaseWords.word(status.phase)
        }
    }

    private static func word(_ desired: DesiredState) -> String {
        switch desired {
        case .started: "started"
        case .stopped: "stopped"
        case .deleted: "deleted"
        }
    }
}
