import FoundryClient
import FoundryModel

/// Tokens as a table.
public struct TokensView {
    private let tokens: [TokenSummary]
    private let now: Timestamp

    public init(_ tokens: [TokenSummary], now: Timestamp) {
        self.tokens = tokens
        self.now = now
    }

    public func lines(on terminal: Terminal) -> [String] {
        if tokens.isEmpty { return ["No tokens but the installation's own. `foundry token create NAME` makes one."] }
        var table = Table([.init("name"), .init("may"), .init("made"), .init("by"), .init("ends", isFlexible: true)])
        for token in tokens {
            table.add([
                .init(token.name, .strong), .init(token.isReadOnly ? "read" : "everything"),
                .init(AgeText.since(token.createdAt.timestamp, now: now) + " ago"), .init(token.createdBy),
                end(token),
            ])
        }
        return table.lines(on: terminal)
    }

    private func end(_ token: TokenSummary) -> Table.Cell {
        guard let end = token.expiresAt else { return "never" }
        return token.isExpired
            ? .init("has ended", .warning) : .init("in \(AgeText.of(milliseconds: end.timestamp - now))")
    }
}

/// The audit log as a table, oldest first.
public struct AuditView {
    private let entries: [AuditEntry]

    public init(_ entries: [AuditEntry]) { self.entries = entries }

    public func lines(on terminal: Terminal) -> [String] {
        if entries.isEmpty { return ["Nobody has asked for anything yet."] }
        var table = Table([
            .init("time"), .init("token"), .init("app"), .init("request", isFlexible: true), .init("status"),
        ])
        for entry in entries {
            let left = entry.leftOut.map { ", and \($0) like it before" } ?? ""
            table.add([
                .init(entry.time.timestamp.description),
                .init(entry.token ?? "none", entry.token == nil ? .bad : .strong),
                .init(entry.app ?? "-"),
                .init("\(entry.method) \(entry.path)\(entry.program.map { ": \($0)" } ?? "")"),
                .init(
                    "\(entry.status)\(entry.error.map { " \($0)" } ?? "")\(left)",
                    entry.status < 400 ? .plain : .warning),
            ])
        }
        return table.lines(on: terminal)
    }
}
