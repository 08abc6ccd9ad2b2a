/// A TCP route: a port on one of our two domains.
public struct RouteAnswer: Hashable, Sendable, Codable {
    public var guid: String
    public var `protocol`: String
    public var host: String
    public var path: String
    public var port: Int
    /// `127.0.0.1:20000`
    public var url: String
    public var destinations: [Destination]
    public var createdAt: String
    public var updatedAt: String
    public var metadata: Metadata
    /// `space`, `domain`
    public var relationships: [String: Relationship]
    public var links: [String: Link]

    public struct Destination: Hashable, Sendable, Codable {
        public var guid: String
        public var app: App
        public var port: Int
        public var `protocol`: String

        public init(guid: String, app: App, port: Int) {
            self.guid = guid
            self.app = app
            self.port = port
            `protocol` = "tcp"
        }
    }

    public struct App: Hashable, Sendable, Codable {
        public var guid: String
        public var process: Process

        public struct Process: Hashable, Sendable, Codable {
            public var type = "web"

            public init() {}
        }

        public init(guid: String) {
            self.guid = guid
            process = Process()
        }
    }

    public init(
        guid: String, port: Int, url: String, destinations: [Destination], createdAt: String, space: String,
        domain: String,
        links: [String: Link]
    ) {
        self.guid = guid
        `protocol` = "tcp"
        host = ""
        path = ""
        self.port = port
        self.url = url
        self.destinations = destinations
        self.createdAt = createdAt
        updatedAt = createdAt
        metadata = Metadata()
        relationships = ["space": Relationship(guid: space), "domain": Relationship(guid: domain)]
        self.links = links
    }
}

/// Where routes listen: the loopback address, and the public one when it is configured.
public struct DomainAnswer: Hashable, Sendable, Codable {
    public var guid: String
    /// The address: `127.0.0.1`
    public var name: String
    public var `internal`: Bool
    public var supportedProtocols: [String]
    public var routerGroup: Relationship.Guid?
    public var createdAt: String
    public var updatedAt: String
    public var metadata: Metadata
    /// `organization`
    public var relationships: [String: Relationship]
    public var links: [String: Link]

    public init(guid: String, name: String, createdAt: String, links: [String: Link]) {
        self.guid = guid
        self.name = name
        `internal` = false
        supportedProtocols = ["tcp"]
        routerGroup = Relationship.Guid(guid: guid)
        self.createdAt = createdAt
        updatedAt = createdAt
        metadata = Metadata()
        relationships = ["organization": Relationship(guid: nil)]
        self.links = links
    }
}
