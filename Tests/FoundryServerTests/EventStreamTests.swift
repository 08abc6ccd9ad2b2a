import Foundation
import FoundryClient
import FoundryModel
import FoundryRules
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization
import Testing

@testable import FoundryServer

@Suite("Events as a stream", .timeLimit(.minutes(2)))
struct EventStreamTests {
    @Test("each event comes once, in order, with an id from which a client goes on")
    func resumes() async throws {
        try await Self.run { feed, add in
            for number in 1...5 { add(number) }
            let all = try await Self.read(feed, .last(3), until: 3)
            #expect(all.map(\.message) == ["3", "4", "5"])
            let secondID = try #require(all[1].id)
            let second = try #require(EventStream.Place(secondID))
            for number in 6...7 { add(number) }
            #expect(try await Self.read(feed, .after(second), until: 3).map(\.message) == ["5", "6", "7"])
            #expect(all.allSatisfy { $0.event == "member.running" })
        }
    }

    @Test("several events of one transaction are told apart when a client goes on between them")
    func sameRevision() async throws {
        let feed = ViewFeed()
        var view = PlatformView()
        for name in ["c", "a", "b"] { view.put(.event(Self.event(name, at: 5)), revision: 7) }
        feed.publish(view, revision: 7)
        let all = try await Self.read(feed, .last(10), until: 3)
        #expect(all.map(\.message) == ["a", "b", "c"])
        let firstID = try #require(all[0].id)
        let first = try #require(EventStream.Place(firstID))
        #expect(try await Self.read(feed, .after(first), until: 2).map(\.message) == ["b", "c"])
    }

    @Test("an event whose clock is behind is not missed by who goes on")
    func clocks() async throws {
        let feed = ViewFeed()
        var view = PlatformView()
        view.put(.event(Self.event("ahead", at: 1000)), revision: 1)
        feed.publish(view, revision: 1)
        let ahead = try #require(try await Self.read(feed, .last(1), until: 1).first?.id)
        view.put(.event(Self.event("behind", at: 10)), revision: 2)
        feed.publish(view, revision: 2)
        let place = try #require(EventStream.Place(ahead))
        #expect(try await Self.read(feed, .after(place), until: 1).map(\.message) == ["behind"])
    }

    @Test("a client whose events are gone is told so, and gets all that are kept")
    func gap() async throws {
        try await Self.run { feed, add in
            add(1)
            let gone = EventStream.Place(revision: 99, event: "gone")
            let read = try await Self.read(feed, .after(gone), until: 2)
            #expect(read.map(\.event) == ["stream.gap", "member.running"] && read[0].id == nil)
        }
    }

    @Test("a client that takes too long is told so and cut off; nothing is queued for it")
    func slow() async throws {
        try await Self.run { feed, add in
            add(0)
            let writer = SlowWriter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    var stream = EventStream(feed: feed, app: nil, start: .last(1))
                    stream.mostBehind = 10
                    var own = writer
                    try await stream.write(to: &own)
                }
                await writer.isTaking()
                for number in 1...11 { add(number) }
                writer.takeOn()
                try await group.waitForAll()
            }
            let read = Self.parse(writer.text)
            #expect(read.map(\.event) == ["member.running", "stream.cut_off"], "\(writer.text)")
            #expect(read.last?.id == nil, "it goes on behind what it took")
        }
    }

    @Test("a sign of life comes when nothing happens, and an id that is none is refused")
    func endpoint() async throws {
        try await Self.run { feed, _ in
            var stream = EventStream(feed: feed, app: nil, start: .last(0))
            stream.heartbeatMilliseconds = 10
            let writer = SlowWriter(isSlow: false)
            try await withThrowingTaskGroup(of: Void.self) { [stream] group in
                group.addTask {
                    var own = writer
                    try await stream.write(to: &own)
                }
                while writer.text.components(separatedBy: ":\n\n").count < 4 { await Task.yield() }
                group.cancelAll()
                try await group.waitForAll()
            }
        }
        try await Bench.run { bench in
            let id = try #require(HTTPField.Name("Last-Event-ID"))
            for text in ["x", "1", "-1-a", "1-A B"] {
                let reply = try await bench.call(.get, "/foundry/v1/events/stream", headers: [id: text])
                #expect(reply.status == 400, "\(text)")
            }
        }
    }

    // MARK: Reading

    struct Read {
        var id: String?
        var event: String
        var message: String
    }

    static func parse(_ text: String) -> [Read] {
        text.components(separatedBy: "\n\n").compactMap { block in
            var fields: [String: String] = [:]
            for line in block.split(separator: "\n") where !line.hasPrefix(":") {
                let sides = line.split(separator: ":", maxSplits: 1)
                fields[String(sides[0])] = String(sides[1].dropFirst())
            }
            guard let event = fields["event"], let data = fields["data"] else { return nil }
            let object = try? JSONSerialization.jsonObject(with: Data(data.utf8)) as? [String: Any]
            return Read(id: fields["id"], event: event, message: object?["message"] as? String ?? "")
        }
    }

    /// Follows until so many events came.
    static func read(_ feed: ViewFeed, _ start: EventStream.Start, until count: Int) async throws -> [Read] {
        let writer = SlowWriter(isSlow: false)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                var own = writer
                try await EventStream(feed: feed, app: nil, start: start).write(to: &own)
            }
            while parse(writer.text).count < count { await Task.yield() }
            group.cancelAll()
            try await group.waitForAll()
        }
        return parse(writer.text)
    }

    static func event(_ name: String, at milliseconds: Int64) -> EventRecord {
        EventRecord(
            id: EventID("e-\(name)") ?? { preconditionFailure() }(),
            time: Timestamp(millisecondsSince1970: milliseconds),
            kind: .memberRunning, app: nil, subject: "demo/0", message: name, actor: "controller")
    }

    static func run(_ body: (ViewFeed, @escaping @Sendable (Int) -> Void) async throws -> Void) async throws {
        let feed = ViewFeed()
        let view = Kept(PlatformView())
        try await body(feed) { number in
            view.change { $0.put(.event(event("\(number)", at: Int64(number))), revision: Int64(number) + 1) }
            feed.publish(view.value, revision: Int64(number) + 1)
        }
    }
}

/// Takes what a response writes; a slow one waits over its first event until it is told to go on.
struct SlowWriter: ResponseBodyWriter {
    private final class Content: Sendable {
        let text = Mutex("")
        let takes = AsyncStream<Void>.makeStream()
        let goesOn = AsyncStream<Void>.makeStream()
    }

    private let content = Content()
    let isSlow: Bool

    init(isSlow: Bool = true) { self.isSlow = isSlow }

    var text: String { content.text.withLock { $0 } }

    func isTaking() async { for await _ in content.takes.stream { return } }
    func takeOn() { content.goesOn.continuation.yield() }

    mutating func write(_ buffer: ByteBuffer) async throws {
        let text = String(buffer: buffer)
        let isFirst = content.text.withLock { all in
            let isFirst = !all.contains("data:") && text.contains("data:")
            all += text
            return isFirst
        }
        guard isSlow, isFirst else { return }
        content.takes.continuation.yield()
        for await _ in content.goesOn.stream { return }
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
