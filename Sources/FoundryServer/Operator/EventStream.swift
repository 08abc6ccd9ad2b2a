import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules
import Hummingbird
import NIOCore

/// Events as they come, as server-sent events. Each has an id, from which a client that was cut off goes on.
///
/// Nothing is queued for a client: what it was not sent yet is looked up among the events that are kept. One that takes too long over what it was sent
/// is told so, and cut off.
/// - Source: the HTML standard, section 9.2: fields `event`, `id` and `data`, an empty line after each event; a line that begins with a colon is nothing.
struct EventStream: Sendable {
    /// New events that may come while a client takes what it was sent.
    static let mostBehind = 500
    /// Sent together.
    private static let page = 100

    let feed: ViewFeed
    /// The app that they are about; nil: all.
    let app: AppID?
    /// Before the first new one: where the client was, or how many of the last ones it wants.
    let start: Start
    var heartbeatMilliseconds = Limits.heartbeatMilliseconds
    var mostBehind = Self.mostBehind

    enum Start: Sendable {
        case last(Int)
        case after(Place)
    }

    /// Where in the stream an event stands: events are in the order in which they were stored.
    struct Place: Comparable, Sendable, CustomStringConvertible {
        var revision: Int64
        /// Of several in one transaction.
        var event: String

        init(revision: Int64, event: String) {
            self.revision = revision
            self.event = event
        }

        /// - Parameter text: `4711-3f1c...`: an id of this stream.
        init?(_ text: String) {
            let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let revision = Int64(parts[0]), revision >= 0, EventID(String(parts[1])) != nil
            else { return nil }
            self.init(revision: revision, event: String(parts[1]))
        }

        var description: String { "\(revision)-\(event)" }

        static func < (left: Self, right: Self) -> Bool {
            (left.revision, left.event) < (right.revision, right.event)
        }
    }

    func write(to writer: inout some ResponseBodyWriter) async throws {
        var edition = feed.edition
        var place = try await begin(edition, &writer)
        while !feed.isClosed, !Task.isCancelled {
            edition = feed.edition
            let news = events(edition.view, after: place)
            guard news.count <= mostBehind else {
                return try await writer.write(Self.cutOff(news.count))
            }
            place = try await send(news, after: place, &writer)
            await feed.change(after: edition.revision, limit: .milliseconds(heartbeatMilliseconds))
            if feed.edition.revision == edition.revision { try await writer.write(ByteBuffer(string: ":\n\n")) }
        }
    }

    /// Sends what was there before, however much that is.
    private func begin(_ edition: ViewFeed.Edition, _ writer: inout some ResponseBodyWriter) async throws -> Place? {
        switch start {
        case .last(let count):
            let all = events(edition.view, after: nil)
            try await writer.write(ByteBuffer(string: ":\n\n"))
            return try await send(all.suffix(count), after: all.dropLast(min(count, all.count)).last?.place, &writer)
        case .after(let place):
            let isKnown = edition.view.revision(of: EventID(place.event)) == place.revision
            try await writer.write(isKnown ? ByteBuffer(string: ":\n\n") : Self.gap)
            let from = isKnown ? place : nil
            return try await send(events(edition.view, after: from), after: from, &writer)
        }
    }

    private typealias Placed = (place: Place, event: EventRecord)

    /// In the order in which they were stored.
    private func events(_ view: PlatformView, after place: Place?) -> [Placed] {
        view.events.filter { app == nil || $0.app == app }.map { event in
            (Place(revision: view.revision(of: event.id), event: event.id.description), event)
        }.filter { placed in place.map { placed.place > $0 } ?? true }.sorted { $0.place < $1.place }
    }

    /// - Returns: where the client is afterwards.
    private func send(
        _ events: some Collection<Placed>, after place: Place?, _ writer: inout some ResponseBodyWriter
    ) async throws -> Place? {
        var rest = events[...]
        while !rest.isEmpty {
            var bytes = ByteBuffer()
            for (place, event) in rest.prefix(Self.page) {
                bytes.writeString("id: \(place)\nevent: \(event.kind.rawValue)\ndata: ")
                bytes.writeBytes(try WireJSON.encode(EventSummary(event)))
                bytes.writeString("\n\n")
            }
            try await writer.write(bytes)
            rest = rest.dropFirst(Self.page)
        }
        return events.isEmpty ? place : events[events.index(events.startIndex, offsetBy: events.count - 1)].place
    }

    private static let gap = ByteBuffer(
        string: """
            event: stream.gap
            data: {"message":"Events after yours are not kept any more, or the store was restored. All that are kept follow."}


            """)

    /// Without an id, so that the client goes on behind the last event that it took.
    private static func cutOff(_ count: Int) -> ByteBuffer {
        ByteBuffer(
            string: """
                event: stream.cut_off
                data: {"message":"\(count) events came while you took the last ones. Connect again with Last-Event-ID."}


                """)
    }
}

extension PlatformView {
    /// At which an event was written; 0 for one that is not kept, or no event at all.
    fileprivate func revision(of event: EventID?) -> Int64 { event.map { revision(of: $0) } ?? 0 }
}
