/// `GET /foundry/v1/apps/:guid/credentials`: what a client of the app needs. Secret: never logged.
public struct CredentialsAnswer: Hashable, Sendable, Codable {
    public var user: String?
    public var password: String?
    public var dbname: String?
    /// Of the route; nil without one.
    public var host: String?
    public var port: Int?

    public init(user: String?, password: String?, dbname: String?, host: String?, port: Int?) {
        self.user = user
        self.password = password
        self.dbname = dbname
        self.host = host
        self.port = port
    }
}
