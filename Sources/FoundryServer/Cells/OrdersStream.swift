import FoundryEffects
import FoundryModel
import FoundryRules
import Hummingbird

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Streams orders, whole, to one cell or router: at once, and whenever they change; several changes at once are one line.
struct OrdersStream<Orders: Encodable & Hashable & Sendable>: Sendable {
    /// The orders are sent again when this differs.
    struct Mark: Hashable, Sendable {
        /// The orders without the revision at which they were written.
        var content: Orders
        /// Of the records behind them: a cell's report names the revision that it follows, so it must hear of newer ones.
        var newest: Int64
    }

    let feed: ViewFeed
    let presence: Presence
    let peer: PeerIdentity
    let orders: @Sendable (PlatformView) -> (orders: Orders, mark: Mark)

    func response() -> Response {
        let ticket = presence.open(peer)
        feed.nudge()
        return Answer.lines { lines in
            defer { presence.close(ticket) }
            try await send(ticket, &lines)
        }
    }

    private func send(_ ticket: Presence.Ticket, _ lines: inout LineWriter) async throws {
        var sent: Mark?
        var last = SystemClock.monotonic()
        while presence.isCurrent(ticket), !feed.isClosed, !Task.isCancelled {
            let edition = feed.edition
            let next = orders(edition.view)
            if next.mark != sent {
                try await lines.write(line: [UInt8](try OrdersJSON.encode(next.orders)))
                sent = next.mark
                last = SystemClock.monotonic()
            } else if SystemClock.monotonic() - last >= Limits.heartbeatMilliseconds {
                try await lines.heartbeat()
                last = SystemClock.monotonic()
            }
            let rest = Limits.heartbeatMilliseconds - (SystemClock.monotonic() - last)
            await feed.change(after: edition.revision, limit: .milliseconds(max(1, rest)))
        }
    }
}

/// Orders and reports as JSON: the model's own types and names.
enum OrdersJSON {
    static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        // The channel is mutual TLS.
        encoder.userInfo[.secrets] = PlainSecrets()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
        try JSONDecoder().decode(type, from: Data(bytes))
    }
}
