import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

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
    static func joined(
        _ lines: [FoundryClient.LogLine], _ events: [EventRecord], _ count: Int
    ) -> [FoundryClient.LogLine] {
        let all = events.suffix(count).map(FoundryClient.LogLine.init) + lines
        return Array(
            all.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
                .suffix(count))
    }
}

/// Hands out what is written from now on, as it comes, until the client, the app or the server goes.
struct AppLogFollower: Sendable {
    private typealias Line = FoundryClient.LogLine

    /// Lines that wait for a slow client; the others wait in their files.
    private static let waiting = 256
    /// Until a line is offered again to a client that is too slow.
    private static let patience = Duration.milliseconds(50)

    let app: AppID
    let paths: Paths
    let feed: ViewFeed
    /// Of what was there before.
    let lines: Int

    func write(to writer: inout LineWriter) async throws {
        let app = app
        let view = feed.view
        let shown = { @Sendable (view: PlatformView) in view.events.filter { $0.app == app } }
        var news = NewEvents(view, shown: shown)
        var members = NewMembers(app: app, paths: paths)
        let (stream, continuation) = AsyncStream<Line?>.makeStream(bufferingPolicy: .bufferingOldest(Self.waiting))
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            let follow = { (started: [NewMembers.Started], group: inout ThrowingTaskGroup<Void, any Error>) in
                for one in started { group.addTask { try await Self.pass(one, to: continuation) } }
            }
            let first = try await members.take(view, lines: lines)
            try await writer.write(AppLog.joined(first.flatMap(\.beginning), shown(view), lines))
            follow(first, &group)
            group.addTask { await ring(continuation) }
            for await line in stream {
                if let line {
                    try await writer.write(line)
                    continue
                }
                let view = feed.view
                let started = try await members.take(view, lines: lines)
                let new = AppLog.joined(started.flatMap(\.beginning), news.take(view), .max)
                if new.isEmpty { try await writer.heartbeat() } else { try await writer.write(new) }
                follow(started, &group)
                if view.apps[app] == nil { return }
            }
        }
    }

    private static func pass(
        _ started: NewMembers.Started, to continuation: AsyncStream<Line?>.Continuation
    ) async throws {
        for await line in started.follower.lines {
            while case .dropped = continuation.yield(started.source.line(line)) {
                try await SystemClock.sleep(patience)
            }
        }
    }

    /// Says when there may be news, or that it is time for a sign of life; ends the stream when the server goes.
    private func ring(_ continuation: AsyncStream<Line?>.Continuation) async {
        while !feed.isClosed, !Task.isCancelled {
            await feed.change(after: feed.edition.revision, limit: .milliseconds(Limits.heartbeatMilliseconds))
            continuation.yield(nil)
        }
        continuation.finish()
    }
}

/// Which members of an app have begun to write.
struct NewMembers {
    struct Started: Sendable {
        var source: MemberLog
        var follower: LogFollower
        /// What was there already.
        var beginning: [FoundryClient.LogLine]
    }

    let app: AppID
    let paths: Paths
    private var known: Set<MemberID> = []

    init(app: AppID, paths: Paths) {
        self.app = app
        self.paths = paths
    }

    /// - Throws: `internal_error` when a log cannot be read.
    mutating func take(_ view: PlatformView, lines: Int) async throws(FoundryError) -> [Started] {
        var started: [Started] = []
        for member in view.members(of: app)
        where !known.contains(member.id) && FileManager.default.fileExists(atPath: paths.member(member.id)) {
            known.insert(member.id)
            let source = MemberLog(name: view.name(of: member), files: LogFiles(paths.memberLog(member.id)))
            let follower = try LogFollower(source.files, lines: lines)
            started.append(
                Started(source: source, follower: follower, beginning: await follower.takeBeginning().map(source.line)))
        }
        return started
    }
}

extension FoundryClient.LogLine {
    /// So that a log tells why it ends where it does.
    init(_ event: EventRecord) {
        self.init(time: WireTime(event.time), member: event.subject, stream: "platform", text: event.message)
    }
}
