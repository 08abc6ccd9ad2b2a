import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules

/// The platform's own figures.
struct PlatformMetrics {
    let platform: Platform
    let edition: ViewFeed.Edition

    private var view: PlatformView { edition.view }

    func write(to text: inout MetricsText) {
        text.family(
            "foundry_build_info", .gauge, "Which version runs, as labels; always 1.",
            [MetricSample(1, [("version", Platform.version), ("instance", platform.configuration.instance)])])
        text.family(
            "foundry_store_revision", .gauge, "Revision of the newest record in sight.",
            [MetricSample(edition.revision)])
        text.family(
            "foundry_controller_term", .gauge, "Term of the controller; grows with each start of a server.",
            [MetricSample(Int64(clamping: platform.controller.term.value.term.value))])
        let events = platform.events.count(view, revision: edition.revision)
        text.family(
            "foundry_events_total", .counter, "Events since the server started.",
            events.sorted { $0.key.rawValue < $1.key.rawValue }.map { MetricSample($1, [("kind", $0.rawValue)]) })
        writeCounts(&text)
        platform.requests.write(to: &text)
        text.family(
            "foundry_api_waiting_requests", .gauge, "Requests that wait or stream now.",
            [MetricSample(Int64(platform.permits.inUse))])
        writeDrains(&text)
        writeCells(&text)
    }

    private func writeDrains(_ text: inout MetricsText) {
        let rows = view.logDrains.values.map(\.value).sorted { $0.id < $1.id }.map { drain in
            let app = view.apps[drain.app]?.value.name.description ?? drain.app.description
            return (labels: [("app", app), ("drain", drain.id.description)], standing: platform.drains[drain.id])
        }
        text.family(
            "foundry_log_drain_up", .gauge, "1 while its syslog server takes what comes.",
            rows.map { MetricSample($0.standing.isConnected ? 1 : 0, $0.labels) })
        text.family(
            "foundry_log_drain_messages_total", .counter, "Messages that its syslog server took.",
            rows.map { MetricSample($0.standing.sent, $0.labels) })
        text.family(
            "foundry_log_drain_dropped_total", .counter, "Lines that its syslog server did not take in time.",
            rows.map { MetricSample($0.standing.dropped, $0.labels) })
    }

    private func writeCounts(_ text: inout MetricsText) {
        text.family(
            "foundry_jobs", .gauge, "Jobs that are kept, by what they do and how they stand.",
            counted(
                view.jobs.values.map {
                    [("operation", $0.value.operation.rawValue), ("state", Self.word($0.value.state))]
                }))
        text.family("foundry_apps", .gauge, "Apps.", [MetricSample(Int64(view.appCount))])
        text.family("foundry_members", .gauge, "Members.", [MetricSample(Int64(view.members.count))])
        text.family(
            "foundry_volumes", .gauge, "Volumes, those of deleted apps among them.",
            [MetricSample(Int64(view.volumes.count))])
        let serving = view.routes.values.count { platform.isServing($0.value, in: view) }
        text.family("foundry_routes", .gauge, "Routes.", [MetricSample(Int64(view.routes.count))])
        text.family(
            "foundry_routes_serving", .gauge, "Routes that lead to a member now.", [MetricSample(Int64(serving))])
    }

    private static func word(_ state: JobState) -> String {
        switch state {
        case .processing: "processing"
        case .complete: "complete"
        case .failed: "failed"
        }
    }

    private func writeCells(_ text: inout MetricsText) {
        let status = PlatformStatus(platform: platform)
        let cells = view.cells.values.map(\.value).sorted { $0.id < $1.id }.map { status.cell($0, view) }
        let each = { (value: (CellSummary) -> Int64?) in
            cells.compactMap { cell in value(cell).map { MetricSample($0, [("cell", cell.id)]) } }
        }
        text.family("foundry_cell_up", .gauge, "1 while the cell follows its orders.", each { $0.isConnected ? 1 : 0 })
        text.family("foundry_cell_memory_bytes", .gauge, "Memory that members can be given.", each { $0.memory.total })
        text.family(
            "foundry_cell_memory_promised_bytes", .gauge, "Memory that members were given.", each { $0.memory.taken })
        text.family("foundry_cell_pool_bytes", .gauge, "What volumes can be given of the pool.", each { $0.disk.total })
        text.family(
            "foundry_cell_pool_promised_bytes", .gauge, "What volumes and snapshots were given of the pool.",
            each { $0.disk.taken })
        text.family(
            "foundry_router_up", .gauge, "1 while the router follows its orders.",
            [MetricSample(platform.presence.isConnected(.router) ? 1 : 0)])
    }

    /// How many have the same labels.
    private func counted(_ labels: [MetricSample.Labels]) -> [MetricSample] {
        let groups = Dictionary(grouping: labels) { $0.map { "\($0.name)=\($0.value)" }.joined(separator: ",") }
        return groups.sorted { $0.key < $1.key }.compactMap { _, alike in
            alike.first.map { MetricSample(Int64(alike.count), $0) }
        }
    }
}
