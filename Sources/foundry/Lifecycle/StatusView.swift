import FoundryClient
import FoundryCommandLine
import FoundryModel
import FoundrySupervisor

/// The state of the platform as tables.
struct StatusView {
    private let report: StatusReport

    init(_ report: StatusReport) { self.report = report }

    func lines(on terminal: Terminal) -> [String] {
        if report.state == .down {
            return [
                TextStyle.strong.applied(to: "It is down.", on: terminal)
                    + " All data is kept in \(report.data); `foundry up` starts it."
            ]
        }
        return [headline(terminal)] + fields(terminal) + [""] + daemons(terminal) + problems(terminal)
    }

    private func headline(_ terminal: Terminal) -> String {
        switch report.state {
        case .up: TextStyle.good.applied(to: "It is up.", on: terminal)
        case .impaired where report.daemons.allSatisfy { $0.pid == nil }:
            TextStyle.bad.applied(to: "Members may run, nothing of the platform does.", on: terminal)
                + " `foundry up` starts it."
        case .impaired: TextStyle.warning.applied(to: "It is up in parts.", on: terminal)
        case .stopping: TextStyle.warning.applied(to: "It is being stopped.", on: terminal)
        case .down: "It is down."
        }
    }

    private func fields(_ terminal: Terminal) -> [String] {
        var fields = FieldList()
        fields.add(
            "  API",
            .init(
                "\(report.url) " + (report.api == nil ? "does not answer" : "answers"),
                report.api == nil ? .bad : .plain))
        fields.add("  data", .init("\(report.data) (instance \(report.instance))"))
        if let pool = report.pool {
            fields.add(
                "  pool", .init("\(ByteCount(bytes: pool.usedBytes)) of \(ByteCount(bytes: pool.sizeBytes)) used"))
        }
        if let counts = report.api?.counts {
            fields.add("  apps", .init("\(counts.apps), \(counts.healthyMembers) of \(counts.members) members healthy"))
            fields.add("  volumes", .init("\(counts.volumes)"))
            if let unknown = report.api?.unknown, !unknown.isEmpty {
                fields.add("  unknown", .init("\(unknown.count) on the pool that no record knows; `foundry doctor`"))
            }
            fields.add("  routes", .init("\(counts.routes)"))
        }
        return fields.lines(on: terminal)
    }

    private func daemons(_ terminal: Terminal) -> [String] {
        var table = Table([
            .init("daemon"), .init("pid", .right), .init("uptime", .right), .init("memory", .right),
            .init("restarts", .right),
            .init("last end", isFlexible: true),
        ])
        for daemon in report.daemons {
            table.add([
                .init(daemon.name), daemon.pid.map { .init("\($0)") } ?? .init("-", .bad),
                .init(daemon.uptimeSeconds.map { AgeText.of(milliseconds: $0 * 1000) } ?? "-"),
                .init(daemon.memoryBytes.map { ByteCount(bytes: $0).description } ?? "-"), .init("\(daemon.restarts)"),
                .init(daemon.lastEnd ?? ""),
            ])
        }
        return table.lines(on: terminal)
    }

    private func problems(_ terminal: Terminal) -> [String] {
        report.problems.isEmpty
            ? [] : [""] + report.problems.map { TextStyle.warning.applied(to: "! \($0)", on: terminal) }
    }
}
