/// A TCP address of the platform that leads to an app's member.
public struct RouteRecord: Hashable, Sendable, Codable {
    public var id: RouteID
    public var app: AppID
    public var scope: RouteScope
    public var port: Int
    /// Inside the member.
    public var targetPort: Int
    public var createdAt: Timestamp

    public init(id: RouteID, app: AppID, scope: RouteScope, port: Int, targetPort: Int, createdAt: Timestamp) {
        self.id = id
        self.app = app
        self.scope = scope
        self.port = port
        self.targetPort = targetPort
        self.createdAt = createdAt
    }
}

/// Where a route listens.
public enum RouteScope: String, Hashable, Sendable, Codable, CaseIterable {
    case loopback
    case `public`
}
