import FoundryClient
import FoundryModel

/// What a request for an instance will do, and its contract, before anything is made.
public struct ServicePlanView {
    private let plan: PlannedService

    public init(_ plan: PlannedService) { self.plan = plan }

    public func lines(on terminal: Terminal) -> [String] {
        let name = TextStyle.strong.applied(to: DisplayText.harmless(plan.name), on: terminal)
        switch plan.action {
        case "none": return []
        case "update":
            return ["\(name) \(PlanText.how(restarts: plan.restarts))"] + PlanText.changes(plan.changes) + [""]
                + PlanText.section("From then on:", plan.newSentences.map(\.text), on: terminal)
        default:
            let from = DisplayText.harmless("\(plan.offering) \(plan.version), plan \(plan.plan)")
            return ["\(name) will be made: \(from)", size, ""]
                + plan.contract.flatMap { PlanText.sentence($0.text, on: terminal) } + [""]
        }
    }

    /// `  memory 256 MiB, cpu 1 core, disk 1 GiB, route 127.0.0.1:20000 -> 5432`
    private var size: String {
        var parts = plan.members > 1 ? ["\(plan.members) members, each with"] : []
        parts.append("memory \(ByteCount(bytes: plan.memory))")
        if plan.members > 1 { parts = [parts.joined(separator: " ")] }
        parts.append("cpu \(CoresText.of(plan.cpuMillicores))")
        if let disk = plan.disk { parts.append("disk \(ByteCount(bytes: disk))") }
        if let route = plan.route { parts.append("route \(RouteText.of(route))") }
        return "  " + DisplayText.harmless(parts.joined(separator: ", "))
    }
}

/// Parts of what is said before a change.
enum PlanText {
    static func how(restarts: Bool) -> String {
        restarts
            ? "will be changed; it is restarted for that, and goes back if it does not become healthy:"
            : "will be changed; nothing is restarted:"
    }

    static func changes(_ changes: [PlannedChange]) -> [String] {
        let width = changes.map(\.what.count).max() ?? 0
        return changes.map { change in
            let what = change.what + String(repeating: " ", count: width - change.what.count)
            return "  " + DisplayText.harmless("\(what)  \(change.before ?? "none") -> \(change.after ?? "none")")
        }
    }

    /// A heading with sentences below it; nothing without them.
    static func section(_ heading: String, _ sentences: [String], on terminal: Terminal) -> [String] {
        sentences.isEmpty ? [] : [heading] + sentences.flatMap { sentence($0, on: terminal) } + [""]
    }

    static func sentence(_ text: String, on terminal: Terminal) -> [String] {
        let lines = DisplayText.wrapped(DisplayText.harmless(text), to: max(20, (terminal.width ?? .max) - 4))
        return lines.enumerated().map { ($0 == 0 ? "  - " : "    ") + $1 }
    }
}
