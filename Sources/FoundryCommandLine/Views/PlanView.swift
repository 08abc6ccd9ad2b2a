import FoundryClient
import FoundryModel

/// What a push will do, and the contract of each app, before anything is made. Of an app that is so already there is nothing to say.
public struct PlanView {
    private let plan: PlanAnswer

    public init(_ plan: PlanAnswer) { self.plan = plan }

    public func lines(on terminal: Terminal) -> [String] {
        plan.applications.flatMap { app in
            switch app.action {
            case "none": [String]()
            case "update": changed(app, on: terminal)
            default: made(app, on: terminal)
            }
        }
    }

    private func made(_ app: PlannedApp, on terminal: Terminal) -> [String] {
        [heading(app, on: terminal), Self.size(app), ""]
            + app.contract.flatMap { PlanText.sentence($0.text, on: terminal) } + [""]
    }

    /// What becomes another of an app that exists, and what that takes.
    private func changed(_ app: PlannedApp, on terminal: Terminal) -> [String] {
        let name = TextStyle.strong.applied(to: DisplayText.harmless(app.name), on: terminal)
        return ["\(name) \(PlanText.how(restarts: app.restarts))"] + PlanText.changes(app.changes) + [""]
            + PlanText.section("From then on:", app.newSentences.map(\.text), on: terminal)
            + PlanText.section("Mind that:", app.dangers, on: terminal)
    }

    private func heading(_ app: PlannedApp, on terminal: Terminal) -> String {
        let alias = app.alias.map { "\($0.alias) -> " } ?? ""
        let known = [
            app.image.source == "bundled" ? "bundled" : nil, EngineText.of(app.alias?.engine, app.alias?.version),
        ].compactMap { $0 }
        let source = known.isEmpty ? "" : " (\(known.joined(separator: ", ")))"
        return TextStyle.strong.applied(to: DisplayText.harmless(app.name), on: terminal)
            + " will be made from " + DisplayText.harmless("\(alias)\(app.image.name)\(source)")
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
}
