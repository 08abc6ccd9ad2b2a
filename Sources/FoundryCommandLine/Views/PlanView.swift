import FoundryClient
import FoundryModel

/// What a push will do, and the contract of each app, before anything is made. Of an app that is so already there is nothing to say.
public struct PlanView {
    private let plan: PlanAnswer

    public init(_ plan: PlanAnswer) { self.plan = plan }

    public func lines(on terminal: Terminal) -> [String] {
        plan.applications.filter { $0.action != "none" }.flatMap { app in
            [heading(app, on: terminal), Self.size(app), ""]
                + app.contract.flatMap { Self.sentence($0.text, on: terminal) } + [""]
        }
    }

    private func heading(_ app: PlannedApp, on terminal: Terminal) -> String {
        let verb = app.action == "create" ? "will be made" : "will be changed"
        let alias = app.alias.map { "\($0.alias) -> " } ?? ""
        let known = [
            app.image.source == "bundled" ? "bundled" : nil, EngineText.of(app.alias?.engine, app.alias?.version),
        ].compactMap { $0 }
        let source = known.isEmpty ? "" : " (\(known.joined(separator: ", ")))"
        return TextStyle.strong.applied(to: DisplayText.harmless(app.name), on: terminal)
            + " \(verb) from " + DisplayText.harmless("\(alias)\(app.image.name)\(source)")
    }

    /// `  memory 256 MiB, cpu 1 core, disk 100 MiB at /data, route 127.0.0.1:20000 -> 6379`
    private static func size(_ app: PlannedApp) -> String {
        var parts = ["memory \(ByteCount(bytes: app.memory))", "cpu \(CoresText.of(app.cpuMillicores))"]
        if let disk = app.disk {
            parts.append("disk \(ByteCount(bytes: disk)) at \(app.mounts.joined(separator: ", "))")
        }
        if !app.ephemeralPaths.isEmpty { parts.append("\(app.ephemeralPaths.joined(separator: ", ")) in memory") }
        parts.append(app.route.map { "route \(RouteText.of($0))" } ?? "no route")
        return "  " + DisplayText.harmless(parts.joined(separator: ", "))
    }

    private static func sentence(_ text: String, on terminal: Terminal) -> [String] {
        let lines = DisplayText.wrapped(DisplayText.harmless(text), to: max(20, (terminal.width ?? .max) - 4))
        return lines.enumerated().map { ($0 == 0 ? "  - " : "    ") + $1 }
    }
}
