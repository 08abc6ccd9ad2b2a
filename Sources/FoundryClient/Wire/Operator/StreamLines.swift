/// One line of `GET /foundry/v1/apps/:guid/logs`: newline-separated JSON, oldest first. An empty line is a sign of life of a followed stream.
public struct LogLine: Hashable, Sendable, Codable {
    public var time: WireTime
    /// `demo/0`
    public var member: String
    /// `stdout`, `stderr`; `platform`: an event of the app's, so that a log tells why it ends where it does.
    public var stream: String
    public var text: String

    public init(time: WireTime, member: String, stream: String, text: String) {
        self.time = time
        self.member = member
        self.stream = stream
        self.text = text
    }
}

/// An event: one line of `GET /foundry/v1/events?follow=true`, or one of the list without `follow`. Oldest first.
public struct EventSummary: Hashable, Sendable, Codable {
    public var guid: String
    public var time: WireTime
    /// `member.crashed`
    public var kind: String
    /// The app's guid.
    public var app: String?
    public var subject: String
    public var message: String
    public var actor: String

    public init(
        guid: String, time: WireTime, kind: String, app: String?, subject: String, message: String, actor: String
    ) {
        self.guid = guid
        self.time = time
        self.kind = kind
        self.app = app
        self.subject = subject
        self.message = message
        self.actor = actor
    }
}
