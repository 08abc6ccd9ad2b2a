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
            + app.contract.flatMap { Self.sentence($0.text, on: terminal) } + [""]
    }

    /// What becomes another of an app that exists, and what that takes.
    private func changed(_ app: PlannedApp, on terminal: Terminal) -> [String] {
        let name = TextStyle.strong.applied(to: DisplayText.harmless(app.name), on: terminal)
        let how =
            app.restarts
            ? "will be changed; it is restarted for that, and goes back if it does not become healthy:"
            : "will be changed; nothing is restarted:"
        let width = app.changes.map(\.what.count).max() ?? 0
        let changes = app.changes.map { change in
            let what = change.what + String(repeating: " ", count: width - change.what.count)
            return "  " + DisplayText.harmless("\(what)  \(change.before ?? "none") -> \(change.after ?? "none")")
        }
        let sentences = app.newSentences.flatMap { Self.sentence($0.text, on: terminal) }
        let dangers = app.dangers.flatMap { Self.sentence($0, on: terminal) }
        return ["\(name) \(how)"] + changes + [""]
            + (sentences.isEmpty ? [] : ["From then on:"] + sentences + [""])
            + (dangers.isEmpty ? [] : ["Mind that:"] + dangers + [""])
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

    private static func sentence(_ text: String, on terminal: Terminal) -> [String] {
        let lines = DisplayText.wrapped(DisplayText.harmless(text), to: max(20, (terminal.width ?? .max) - 4))
        return lines.enumerated().map { ($0 == 0 ? "  - " : "    ") + $1 }
    }
}
