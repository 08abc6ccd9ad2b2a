import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules

/// One member's log, and the name it is told under.
struct MemberLog: Sendable {
    var name: String
    var files: LogFiles

    func line(_ line: FoundryEffects.LogLine) -> FoundryClient.LogLine {
        FoundryClient.LogLine(time: WireTime(line.time), member: name, stream: line.stream.rawValue, text: line.text)
    }
}

/// What an app's members wrote, and what the platform did to it, in one order.
struct AppLog {
    var sources: [MemberLog]
    /// Of the app.
    var events: [EventRecord]

    /// - Returns: oldest first.
    /// - Throws: `internal_error` when a log cannot be read.
    func last(_ lines: Int) throws(FoundryError) -> [FoundryClient.LogLine] {
        var all: [FoundryClient.LogLine] = []
        for source in sources { all += try LogTail(source.files).read(lines: lines).map(source.line) }
        return Self.joined(all, events, lines)
    }

    /// The newest of both, in the order of their times.
    static func joined(_ lines: [FoundryClient.LogLine], _ events: [EventRecord], _ count: Int) -> [FoundryClient.LogLine] {
        let all = events.suffix(count).map(FoundryClient.LogLine.init) + lines
        return Array(all.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element).suffix(count))
    }
}

/// Hands out what is written from now on, as it comes, until the client or the server goes.
struct AppLogFollower: Sendable {
    /// Lines that wait for a slow client; the others wait in their files.
    private static let waiting = 256
    /// Until a line is offered again to a client that is too slow.
    private static let patience = Duration.milliseconds(50)

    let app: AppID
    let sources: [MemberLog]
    let feed: ViewFeed
    /// Of what was there before.
    let lines: Int

    func write(to writer: inout LineWriter) async throws {
        let app = app
        let shown = { @Sendable (view: PlatformView) in view.events.filter { $0.app == app } }
        let view = feed.view
        var news = NewEvents(view, shown: shown)
        var followers: [(MemberLog, LogFollower)] = []
        var first: [FoundryClient.LogLine] = []
        for source in sources {
            let follower = try LogFollower(source.files, lines: lines)
            first += await follower.takeBeginning().map(source.line)
            followers.append((source, follower))
        }
        try await writer.write(AppLog.joined(first, shown(view), lines))
        let (stream, continuation) = AsyncStream<FoundryClient.LogLine?>.makeStream(bufferingPolicy: .bufferingOldest(Self.waiting))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (source, follower) in followers {
                group.addTask {
                    for await line in follower.lines {
                        while case .dropped = continuation.yield(source.line(line)) { try await SystemClock.sleep(Self.patience) }
                    }
                }
            }
            group.addTask { await ring(continuation) }
            defer { group.cancelAll() }
            for await line in stream {
                if let line {
                    try await writer.write(line)
                } else {
                    let events = news.take(feed.view).map(FoundryClient.LogLine.init)
                    if events.isEmpty { try await writer.heartbeat() } else { try await writer.write(events) }
                }
            }
        }
    }

    /// Says when there may be events, or that it is time for a sign of life; ends the stream when the server goes.
    private func ring(_ continuation: AsyncStream<FoundryClient.LogLine?>.Continuation) async {
        while !feed.isClosed, !Task.isCancelled {
            await feed.change(after: feed.edition.revision, limit: .milliseconds(Limits.heartbeatMilliseconds))
            continuation.yield(nil)
        }
        continuation.finish()
    }
}

extension FoundryClient.LogLine {
    /// So that a log tells why it ends where it does.
    fileprivate init(_ event: EventRecord) {
        self.init(time: WireTime(event.time), member: event.subject, stream: "platform", text: event.message)
    }
}
