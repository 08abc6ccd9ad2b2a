import FoundryClient
import FoundryModel

/// Log drains as a table.
public struct LogDrainsView {
    private let drains: [LogDrainSummary]

    public init(_ drains: [LogDrainSummary]) { self.drains = drains }

    public func lines(on terminal: Terminal) -> [String] {
        if drains.isEmpty { return ["No log drains. `foundry log-drain add APP syslog-tls://HOST` makes one."] }
        var table = Table([
            .init("app"), .init("id"), .init("to"), .init("sent", .right), .init("dropped", .right),
            .init("state", isFlexible: true),
        ])
        for drain in drains {
            table.add([
                .init(drain.appName, .strong), .init(String(drain.guid.prefix(8))), .init(drain.url),
                .init("\(drain.sent)"), .init("\(drain.dropped)", drain.dropped > 0 ? .warning : .plain), state(drain),
            ])
        }
        return table.lines(on: terminal)
    }

    private func state(_ drain: LogDrainSummary) -> Table.Cell {
        if let problem = drain.problem { return .init(problem, .bad) }
        return drain.isConnected ? .init("takes what comes", .good) : "has nothing to take yet"
    }
}
