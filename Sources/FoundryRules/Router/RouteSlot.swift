import FoundryModel

/// One port of the router: HAProxy listens on it from its start and has a backend prepared for it, empty until a route is ordered.
public struct RouteSlot: Hashable, Comparable, Sendable, CustomStringConvertible {
    public var scope: RouteScope
    public var port: Int

    public init(scope: RouteScope, port: Int) {
        self.scope = scope
        self.port = port
    }

    /// - Parameter backend: `loopback.20000`
    /// - Returns: nil when the text is not the name of a backend of ours.
    public init?(backend: some StringProtocol) {
        let parts = backend.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let scope = RouteScope(rawValue: String(parts[0])), let port = Int(parts[1]) else {
            return nil
        }
        self.init(scope: scope, port: port)
        guard description == backend else { return nil }
    }

    /// The backend's name, and what the map leads to: `loopback.20000`
    public var description: String { "\(scope.rawValue).\(port)" }

    public static func < (left: Self, right: Self) -> Bool {
        (left.scope.rawValue, left.port) < (right.scope.rawValue, right.port)
    }
}
