/// One installation as a client reaches it.
public struct APITarget: Hashable, Sendable {
    /// `https://127.0.0.1:PORT`
    public var url: String
    /// The certificates that the API's own must be signed by, as PEM. No other authority is trusted.
    public var authorities: String
    /// Secret.
    public var token: String

    public init(url: String, authorities: String, token: String) {
        self.url = url
        self.authorities = authorities
        self.token = token
    }
}
