/// One line of the audit log, and one of `GET /foundry/v1/audit`: who asked for what, when, and what came of it. Never a body, never a secret.
public struct AuditEntry: Hashable, Sendable, Codable {
    public var time: WireTime
    /// The name of the token; nil: it carried none that is one.
    public var token: String?
    public var method: String
    /// Without the query; of a path that nobody knows, the first 200 characters.
    public var path: String
    /// The name of the app that it was about, where it was about one.
    public var app: String?
    public var status: Int
    /// Of a request that was refused or failed: the error's code.
    public var error: String?
    /// Of `exec`: the program that was run, without its arguments.
    public var program: String?
    /// For whom a client of the broker asked, as it says: `cloudfoundry 683ea748-...`.
    public var identity: String?
    /// What a client of the broker calls the request.
    public var request: String?
    /// Requests without a token that is one are written down a few times a minute; so many were not before this one.
    public var leftOut: Int?

    public init(
        time: WireTime, token: String?, method: String, path: String, app: String?, status: Int, error: String?,
        program: String? = nil, identity: String? = nil, request: String? = nil, leftOut: Int? = nil
    ) {
        self.time = time
        self.token = token
        self.method = method
        self.path = path
        self.app = app
        self.status = status
        self.error = error
        self.program = program
        self.identity = identity
        self.request = request
        self.leftOut = leftOut
    }
}
