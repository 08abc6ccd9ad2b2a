/// `GET /v3/jobs/:guid`
public struct JobAnswer: Hashable, Sendable, Codable {
    public enum State: String, CaseIterable, Hashable, Sendable, Codable {
        case processing = "PROCESSING"
        /// Of a service: begun, and seen to until it is over.
        case polling = "POLLING"
        case complete = "COMPLETE"
        case failed = "FAILED"
    }

    public var guid: String
    /// `space.apply_manifest`, `app.start`, ...
    public var operation: String
    public var state: State
    /// At least one when it failed.
    public var errors: [ErrorItem]
    public var warnings: [Warning]
    public var createdAt: String
    public var updatedAt: String
    /// `self`, `app`
    public var links: [String: Link]
    /// The app that it is about.
    public var foundry: Subject

    public struct Warning: Hashable, Sendable, Codable {
        public var detail: String

        public init(detail: String) { self.detail = detail }
    }

    public struct Subject: Hashable, Sendable, Codable {
        public var appGuid: String
        public var appName: String

        public init(appGuid: String, appName: String) {
            self.appGuid = appGuid
            self.appName = appName
        }
    }

    public init(
        guid: String, operation: String, state: State, errors: [ErrorItem], createdAt: String, updatedAt: String,
        links: [String: Link],
        foundry: Subject
    ) {
        self.guid = guid
        self.operation = operation
        self.state = state
        self.errors = errors
        warnings = []
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.links = links
        self.foundry = foundry
    }
}
