import FoundryClient
import FoundryModel
import FoundryRules

/// How the platform is, and what stands in its way.
struct PlatformStatus {
    let platform: Platform

    func answer() async -> StatusAnswer {
        let edition = platform.feed.edition
        let view = edition.view
        let cells = view.cells.values.map(\.value).sorted { $0.id < $1.id }.map { cell($0, view) }
        let router = router()
        return StatusAnswer(
            version: Platform.version, instance: platform.configuration.instance,
            term: platform.controller.term.value.term.value,
            revision: edition.revision, startedAt: WireTime(platform.startedAt), cells: cells, router: router,
            counts: counts(view),
            problems: problems(cells, router, unreadable: await platform.controller.unreadable),
            unknown: unknown(view))
    }

    /// What cells say that they have, and no record names.
    private func unknown(_ view: PlatformView) -> [StatusAnswer.UnknownData] {
        view.cells.keys.sorted().flatMap { cell -> [StatusAnswer.UnknownData] in
            guard let report = platform.presence.cell(cell)?.report else { return [] }
            let volumes = report.volumes.map(\.id).filter { view.volumes[$0] == nil }
            let snapshots = (report.snapshots ?? []).map(\.id).filter { view.snapshots[$0] == nil }
            return volumes.map { .init(kind: "volume", guid: $0.description, cell: cell.description) }
                + snapshots.map { .init(kind: "snapshot", guid: $0.description, cell: cell.description) }
        }
    }

    private func counts(_ view: PlatformView) -> StatusAnswer.Counts {
        let healthy = view.members.keys.count { view.statuses[$0]?.value.phase == .healthy }
        return .init(
            apps: view.appCount, members: view.members.count, healthyMembers: healthy, volumes: view.volumes.count,
            routes: view.routes.count)
    }

    func cell(_ cell: CellRecord, _ view: PlatformView) -> CellSummary {
        let members = view.members.values.map(\.value).filter { $0.cell == cell.id }
        let specs = members.compactMap { view.apps[$0.app]?.value.spec }
        let disk =
            view.volumes.values.filter { $0.value.cell == cell.id }.map(\.value.size).reduce(ByteCount.zero, +)
            + view.snapshots.values.filter { $0.value.cell == cell.id }.map(\.value.size).reduce(.zero, +)
        let seen = platform.presence.cell(cell.id)
        return CellSummary(
            id: cell.id.description, zone: cell.zone, isConnected: platform.presence.isConnected(.cell(cell.id)),
            lastReportAt: seen.map { WireTime($0.at) }, ordersRevision: seen?.report.ordersRevision,
            members: members.count,
            memory: .init(total: cell.capacity.memory.bytes, taken: specs.map(\.memory).reduce(.zero, +).bytes),
            cpuMillicores: .init(
                total: Int64(cell.capacity.cpu.count), taken: Int64(specs.map(\.cpu.count).reduce(0, +))),
            disk: .init(total: cell.capacity.disk.bytes, taken: disk.bytes))
    }

    private func router() -> RouterSummary {
        let seen = platform.presence.router
        return RouterSummary(
            isConnected: platform.presence.isConnected(.router), lastReportAt: seen.map { WireTime($0.at) },
            ordersRevision: seen?.report.ordersRevision,
            serving: seen?.report.applied.count { !$0.targets.isEmpty } ?? 0,
            problem: seen?.report.problem)
    }

    private func problems(_ cells: [CellSummary], _ router: RouterSummary, unreadable: [String: String]) -> [String] {
        var problems = cells.filter { !$0.isConnected }.map { "cell \($0.id) is not connected" }
        if cells.isEmpty { problems.append("no cell has reported yet") }
        if !router.isConnected { problems.append("the router is not connected") }
        if let problem = router.problem { problems.append("the router says: \(problem)") }
        problems += unreadable.keys.sorted().map { "the record \($0) cannot be read, and is left as it is" }
        return problems
    }
}
