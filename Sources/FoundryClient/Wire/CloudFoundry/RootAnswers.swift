/// `GET /`
public struct RootAnswer: Hashable, Sendable, Codable {
    public var links: [String: Link?]

    public init(links: [String: Link?]) { self.links = links }
}

/// `GET /v3/info`
public struct InfoAnswer: Hashable, Sendable, Codable {
    public var name: String
    public var build: String
    public var version: Int
    public var osbapiVersion: String?
    public var description: String
    public var links: [String: Link]

    public init(
        name: String, build: String, version: Int, osbapiVersion: String?, description: String, links: [String: Link]
    ) {
        self.name = name
        self.build = build
        self.version = version
        self.osbapiVersion = osbapiVersion
        self.description = description
        self.links = links
    }
}
