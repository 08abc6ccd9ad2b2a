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

    /// Sorted by name.
    var all: [AppSummary] { view.apps.values.map(\.value).sorted { ($0.name, $0.id) < ($1.name, $1.id) }.map(summary) }

    func summary(_ app: AppRecord) -> AppSummary {
        let members = members[app.id] ?? []
        let volume = members.lazy.compactMap { $0.volume.flatMap { view.volumes[$0]?.value } }.first
        return AppSummary(
            guid: app.id.description, name: app.name.description, desired: Self.word(app.desired),
            state: state(app, members),
            image: PlanShapes.image(app.spec.image), memory: app.spec.memory.bytes, cpuMillicores: app.spec.cpu.count,
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
            volume: volume.map { MemberShapes.volume($0, in: view, presence: platform.presence) },
            members: members.map { MemberShapes.member($0, of: app, in: view) }, checks: CheckWords.lines(app.spec),
            change: Why.change(of: app))
    }

    /// What is, in one word.
    private func state(_ app: AppRecord, _ members: [MemberRecord]) -> String {
        let statuses = members.map { view.statuses[$0.id]?.value }
        switch app.desired {
        case .deleted: return "deleting"
        case .stopped: return statuses.allSatisfy { $0 == nil || $0?.phase == .stopped } ? "stopped" : "stopping"
        case .started:
            // One that went back with a change runs under an older generation.
            guard let member = members.first, let status = statuses.first ?? nil,
                status.generation >= (member.pinned ?? app.generation)
            else { return "starting" }
            switch status.phase {
            case .healthy: return "running"
            case .preparing, .starting, .stopping, .stopped: return "starting"
            case .unhealthy, .unready, .waiting, .crashed, .refused: return PhaseWords.word(status.phase)
            }
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
