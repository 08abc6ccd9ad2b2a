import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules
import Hummingbird

/// Logs and events, whole or followed.
struct StreamEndpoints: Sendable {
    private static let usualLines = 100
    private static let mostEvents = 5_000

    let platform: Platform

    var endpoints: [Endpoint] {
        [
            .get("/foundry/v1/apps/:guid/logs") { request throws(FoundryError) in try logs(request) },
            .get("/foundry/v1/events") { request throws(FoundryError) in try events(request) },
            .get("/foundry/v1/events/stream") { request throws(FoundryError) in try eventStream(request) },
        ]
    }

    private func logs(_ request: APIRequest) throws(FoundryError) -> Response {
        let query = try QueryReader(request.query, known: ["lines", "follow"])
        let lines = try query.number("lines", in: 0...LogTail.mostLines) ?? Self.usualLines
        let view = platform.view
        let app = try platform.app(request, in: view).value
        guard try query.flag("follow") else {
            let sources = view.members(of: app.id).map {
                MemberLog(name: view.name(of: $0), files: LogFiles(platform.paths.memberLog($0.id)))
            }
            let all = try AppLog(sources: sources, events: view.events.filter { $0.app == app.id }).last(lines)
            return Answer.lines { writer in try await writer.write(all) }
        }
        let permit = try platform.permits.take()
        let follower = AppLogFollower(app: app.id, paths: platform.paths, feed: platform.feed, lines: lines)
        return Answer.lines { writer in
            defer { withExtendedLifetime(permit) {} }
            try await follower.write(to: &writer)
        }
    }

    private func appID(_ query: QueryReader) throws(FoundryError) -> AppID? {
        try query.text("app").map { text throws(FoundryError) in
            guard let id = AppID(text) else {
                throw FoundryError(.appNotFound, "App not found", hint: "`foundry apps` lists them")
            }
            return id
        }
    }

    private func eventStream(_ request: APIRequest) throws(FoundryError) -> Response {
        let query = try QueryReader(request.query, known: ["app", "limit", "last_event_id"])
        let limit = try query.number("limit", in: 0...Self.mostEvents) ?? 0
        let (app, id) = (try appID(query), request.lastEventID ?? query.text("last_event_id"))
        let start = try id.map { text throws(FoundryError) in
            guard let place = EventStream.Place(text) else {
                throw FoundryError(
                    .badRequest, "The last event's id is none of this stream.",
                    hint: "send it as it came, or leave it out")
            }
            return EventStream.Start.after(place)
        }
        let permit = try platform.permits.take()
        let stream = EventStream(feed: platform.feed, app: app, start: start ?? .last(limit))
        return Answer.serverSentEvents { writer in
            defer { withExtendedLifetime(permit) {} }
            try await stream.write(to: &writer)
        }
    }

    private func events(_ request: APIRequest) throws(FoundryError) -> Response {
        let query = try QueryReader(request.query, known: ["app", "limit", "follow"])
        let limit = try query.number("limit", in: 0...Self.mostEvents) ?? Self.usualLines
        let app = try appID(query)
        let shown = { @Sendable (view: PlatformView) in view.events.filter { app == nil || $0.app == app } }
        let begin = platform.view
        let first = Array(shown(begin).suffix(limit))
        guard try query.flag("follow") else {
            return try Answer.json(ListAnswer(resources: first.map { EventSummary($0) }))
        }
        let permit = try platform.permits.take()
        let feed = platform.feed
        return Answer.lines { writer in
            defer { withExtendedLifetime(permit) {} }
            var news = NewEvents(begin, shown: shown)
            try await writer.write(first.map { EventSummary($0) })
            while !feed.isClosed, !Task.isCancelled {
                let edition = feed.edition
                try await writer.write(news.take(edition.view).map { EventSummary($0) })
                await feed.change(after: edition.revision, limit: .milliseconds(Limits.heartbeatMilliseconds))
                if feed.edition.revision == edition.revision { try await writer.heartbeat() }
            }
        }
    }
}

/// Which events were not there before.
struct NewEvents {
    private let shown: @Sendable (PlatformView) -> [EventRecord]
    private var seen: Set<EventID>

    /// Begins with what is there now.
    init(_ view: PlatformView, shown: @escaping @Sendable (PlatformView) -> [EventRecord]) {
        self.shown = shown
        seen = Set(shown(view).map(\.id))
    }

    /// Oldest first.
    mutating func take(_ view: PlatformView) -> [EventRecord] {
        let now = shown(view)
        let new = now.filter { !seen.contains($0.id) }
        seen = Set(now.map(\.id))
        return new
    }
}

extension EventSummary {
    init(_ event: EventRecord) {
        self.init(
            guid: event.id.description, time: WireTime(event.time), kind: event.kind.rawValue,
            app: event.app?.description,
            subject: event.subject, message: event.message, actor: event.actor)
    }
}
