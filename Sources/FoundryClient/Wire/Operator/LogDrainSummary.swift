/// A log drain: one of `GET /foundry/v1/log-drains`. What it did counts since the server started.
public struct LogDrainSummary: Hashable, Sendable, Codable {
    public var guid: String
    /// The app's guid.
    public var app: String
    public var appName: String
    /// `syslog-tls://logs.example.org:6514`
    public var url: String
    public var createdAt: WireTime
    /// The name of the token that made it.
    public var createdBy: String
    /// It took something, and has not failed since.
    public var isConnected: Bool
    /// Messages.
    public var sent: Int64
    /// Lines that it did not take in time.
    public var dropped: Int64
    /// What went wrong last, while it is not connected.
    public var problem: String?

    public init(
        guid: String, app: String, appName: String, url: String, createdAt: WireTime, createdBy: String,
        isConnected: Bool, sent: Int64, dropped: Int64, problem: String?
    ) {
        self.guid = guid
        self.app = app
        self.appName = appName
        self.url = url
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.isConnected = isConnected
        self.sent = sent
        self.dropped = dropped
        self.problem = problem
    }
}

/// What `POST /foundry/v1/apps/:guid/log-drains` takes.
public struct LogDrainRequest: Hashable, Sendable, Codable {
    public var url: String

    public init(url: String) { self.url = url }
}
