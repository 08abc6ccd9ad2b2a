import FoundryEffects
import FoundryModel
import FoundryRules

/// Each member's figures, by app, member and cell. What was not measured of late is left out, so that no old figure looks like a new one.
struct MemberMetrics {
    private typealias Value = (MemberReading) -> Int64?

    private struct Row {
        var labels: MetricSample.Labels
        var status: MemberStatus?
        var reading: MemberReading?
        var routes: [RouteUsage]
    }

    private let rows: [Row]

    init(_ view: PlatformView, _ sight: UsageSight) {
        rows = view.members.values.map(\.value).map { (view.name(of: $0), $0) }.sorted {
            ($0.0, $0.1.id) < ($1.0, $1.1.id)
        }.map { name, member in
            let app = view.apps[member.app]?.value.name.description ?? member.app.description
            return Row(
                labels: [("app", app), ("member", name), ("cell", member.cell.description)],
                status: view.statuses[member.id]?.value, reading: sight.members[member.id],
                routes: sight.routes[member.id] ?? [])
        }
    }

    func write(to text: inout MetricsText) {
        text.family(
            "foundry_member_up", .gauge, "1 while the member answers its health check.",
            rows.map { MetricSample($0.status?.phase == .healthy ? 1 : 0, $0.labels) })
        text.family(
            "foundry_member_restarts_total", .counter,
            "Ends of its process that nobody ordered, since its last push or restart.",
            rows.map { MetricSample(Int64($0.status?.restarts ?? 0), $0.labels) })
        writeProcesses(&text)
        writeDisk(&text)
        writeConnections(&text)
    }

    private func writeProcesses(_ text: inout MetricsText) {
        seconds(
            "foundry_member_cpu_seconds_total", "Processor time since its container was made.", 1_000_000, &text,
            { $0.usage.cpuMicroseconds })
        seconds(
            "foundry_member_cpu_throttled_seconds_total", "Time for which its limit of processor time held it back.",
            1_000_000, &text, { $0.usage.throttledMicroseconds })
        whole(
            "foundry_member_memory_bytes", .gauge,
            "Memory, without the page cache that the kernel can take back at once.", &text, { $0.usage.memory?.bytes })
        whole(
            "foundry_member_memory_cache_bytes", .gauge, "Page cache that the kernel can take back at once.", &text,
            { $0.usage.cache?.bytes })
        whole(
            "foundry_member_memory_limit_bytes", .gauge, "Its hard limit of memory.", &text,
            { $0.usage.memoryLimit?.bytes })
        whole(
            "foundry_member_memory_kills_total", .counter, "Processes that the kernel killed for want of memory.",
            &text, { $0.usage.memoryKills })
    }

    private func writeDisk(_ text: inout MetricsText) {
        whole(
            "foundry_member_disk_used_bytes", .gauge, "What is used of its volume.", &text,
            { $0.usage.volume?.used.bytes })
        whole(
            "foundry_member_disk_size_bytes", .gauge, "What its volume can hold.", &text,
            { $0.usage.volume?.size.bytes })
        whole(
            "foundry_member_disk_flushes_total", .counter, "Syncs that reached its volume's device.", &text,
            { $0.usage.volume?.device?.flushes })
        whole(
            "foundry_member_disk_reads_total", .counter, "Reads of its volume's device.", &text,
            { $0.usage.volume?.device?.reads })
        whole(
            "foundry_member_disk_read_bytes_total", .counter, "Bytes read from its volume's device.", &text,
            { $0.usage.volume?.device?.readBytes.bytes })
        whole(
            "foundry_member_disk_writes_total", .counter, "Writes to its volume's device.", &text,
            { $0.usage.volume?.device?.writes })
        whole(
            "foundry_member_disk_written_bytes_total", .counter, "Bytes written to its volume's device.", &text,
            { $0.usage.volume?.device?.writtenBytes.bytes })
        text.family(
            "foundry_member_disk_exposure_seconds", .gauge,
            "Writes of so long that a power cut would take now, where the platform defers syncs.",
            rows.compactMap { row in
                row.reading?.usage.exposureMilliseconds.map { MetricSample(decimal: Double($0) / 1_000, row.labels) }
            })
        seconds(
            "foundry_member_disk_busy_seconds_total", "Time during which its volume's device had something to do.",
            1_000, &text, { $0.usage.volume?.device?.busyMilliseconds })
    }

    private func writeConnections(_ text: inout MetricsText) {
        let routed = rows.filter { !$0.routes.isEmpty }
        let sum = { (value: (RouteUsage) -> Int64) in
            routed.map { MetricSample($0.routes.map(value).reduce(0, +), $0.labels) }
        }
        text.family(
            "foundry_member_connections", .gauge, "Connections through its route that are open now.",
            sum { $0.connections })
        text.family(
            "foundry_member_connections_total", .counter, "Connections through its route since it leads there.",
            sum { $0.totalConnections })
        text.family(
            "foundry_member_route_received_bytes_total", .counter,
            "Bytes from clients through its route, of connections that have ended.",
            sum { $0.received.bytes })
        text.family(
            "foundry_member_route_sent_bytes_total", .counter,
            "Bytes to clients through its route, of connections that have ended.",
            sum { $0.sent.bytes })
    }

    private func whole(
        _ name: String, _ kind: MetricsText.Kind, _ help: String, _ text: inout MetricsText, _ value: Value
    ) {
        text.family(
            name, kind, help,
            rows.compactMap { row in row.reading.flatMap(value).map { MetricSample($0, row.labels) } })
    }

    /// - Parameter parts: how many of the value's units are a second.
    private func seconds(
        _ name: String, _ help: String, _ parts: Double, _ text: inout MetricsText, _ value: Value
    ) {
        text.family(
            name, .counter, help,
            rows.compactMap { row in
                row.reading.flatMap(value).map { MetricSample(decimal: Double($0) / parts, row.labels) }
            })
    }
}
