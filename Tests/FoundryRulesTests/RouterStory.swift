import FoundryModel
import FoundryRules

/// A story of the router as text: each line that begins with `>` is an event, and the lines with `<` after it are what the machine must answer.
///
///     > 0 observed loopback.20000=loopback.20000 loopback.20000/m1_1@10.77.3.2:6379=ready
///     > 0 orders 7 loopback.20000=m1_1@10.77.3.2:6379 loopback.20001=-
///     > 5 done loopback.20001      the port's effect in flight; `failed` alike; `done all` until nothing is in flight
///     > 5 lost | tick | report
struct RouterStory {
    struct Unreadable: Error { var line: String }

    private var machine = RouterMachine(ports: [.loopback: 20_000...20_003, .public: 5_000...5_001])
    private var inFlight: [RouterEffect] = []
    private var lines: [String] = []

    /// - Returns: the story with the answers that the machine really gave.
    static func retold(_ text: String) throws -> String {
        var story = RouterStory()
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) where !line.hasPrefix("<") {
            story.lines.append(String(line))
            if line.hasPrefix("> ") { try story.play(String(line)) }
        }
        return story.lines.joined(separator: "\n")
    }

    private mutating func play(_ line: String) throws {
        let words = line.split(separator: " ").map(String.init)
        guard words.count >= 3, let milliseconds = Int64(words[1]) else { throw Unreadable(line: line) }
        let now = MonotonicTime(milliseconds: milliseconds)
        let rest = Array(words.dropFirst(3))
        switch words[2] {
        case "orders": tell(.orders(try orders(rest)), now)
        case "observed": tell(.observed(try table(rest)), now)
        case "lost":
            inFlight = []
            tell(.lost, now)
        case "tick": tell(.tick, now)
        case "done" where rest == ["all"]:
            while let effect = inFlight.first { end(effect, .done(effect), now) }
        case "done": try end(rest, now) { .done($0) }
        case "failed": try end(rest, now) { .failed($0, FoundryError(.commandFailed, "HAProxy refused a command.")) }
        case "report": report()
        default: throw Unreadable(line: line)
        }
    }

    private mutating func end(_ words: [String], _ now: MonotonicTime, _ event: (RouterEffect) -> RouterEvent) throws {
        guard let effect = inFlight.first(where: { $0.slot.description == words.first }) else {
            throw Unreadable(line: "nothing in flight for \(words)")
        }
        end(effect, event(effect), now)
    }

    private mutating func end(_ effect: RouterEffect, _ event: RouterEvent, _ now: MonotonicTime) {
        inFlight.removeAll { $0 == effect }
        tell(event, now)
    }

    private mutating func tell(_ event: RouterEvent, _ now: MonotonicTime) {
        let neededObservation = machine.needsObservation
        let decision = machine.handle(event, now: now)
        inFlight += decision.effects
        lines += decision.refusals.map { "< refused: \($0)" }
        lines += decision.effects.map { "< \($0.name.rawValue) \($0.subject)" }
        if machine.needsObservation, !neededObservation { lines.append("< needs to observe") }
        if let wake = machine.nextWake { lines.append("< wakes at \(wake)") }
    }

    private mutating func report() {
        let report = machine.report
        lines.append("< follows \(report.ordersRevision.map { "\($0)" } ?? "nothing")")
        for route in report.applied {
            lines.append(
                "< applied \(route.scope.rawValue).\(route.port) -> \(route.target.map { "\(ProxyServerName($0))" } ?? "-")"
            )
        }
        if let problem = report.problem { lines.append("< problem: \(problem)") }
    }

    private func orders(_ words: [String]) throws -> RouterOrders {
        guard let revision = words.first.flatMap({ Int64($0) }) else { throw Unreadable(line: "\(words)") }
        let routes = try words.dropFirst().map { word in
            let sides = word.split(separator: "=").map(String.init)
            guard sides.count == 2, let slot = RouteSlot(backend: sides[0]) else { throw Unreadable(line: word) }
            let target = sides[1] == "-" ? nil : try target(sides[1])
            return RouteOrder(scope: slot.scope, port: slot.port, target: target)
        }
        return RouterOrders(revision: revision, routes: routes)
    }

    private func table(_ words: [String]) throws -> ProxyTable {
        var table = ProxyTable()
        for word in words {
            let sides = word.split(separator: "=").map(String.init)
            guard sides.count == 2 else { throw Unreadable(line: word) }
            let place = sides[0].split(separator: "/").map(String.init)
            guard let slot = RouteSlot(backend: place[0]) else { throw Unreadable(line: word) }
            if place.count == 1 {
                table.leads[slot, default: []].insert(sides[1])
            } else {
                let state: ProxyServerState =
                    sides[1] == "ready" ? .ready : sides[1] == "maintenance" ? .maintenance : .other
                table.servers[slot, default: []].append(ProxyServer(try target(place[1]), state: state))
            }
        }
        return table
    }

    private func target(_ text: String) throws -> RouteTarget {
        let sides = text.split(separator: "@").map(String.init)
        guard sides.count == 2, let name = ProxyServerName(sides[0]) else { throw Unreadable(line: text) }
        let place = sides[1].split(separator: ":").map(String.init)
        guard place.count == 2, let port = Int(place[1]) else { throw Unreadable(line: text) }
        return RouteTarget(member: name.member, address: place[0], port: port, epoch: name.epoch)
    }
}
