import FoundryEffects
import FoundryModel
import FoundryRules

/// The places and names that HAProxy's configuration and its socket's commands share.
public struct ProxyLayout: Hashable, Sendable {
    public var socket: String
    public var ports: [RouteScope: ClosedRange<Int>]
    /// The file that each scope's map is loaded from and named after. It stays empty: what it led to would be older than the orders, and after a start of
    /// HAProxy no backend has a server anyway.
    public var maps: [RouteScope: String]

    public init(configuration: PlatformConfiguration, paths: Paths) {
        socket = paths.proxySocket
        ports = [:]
        maps = [:]
        for scope in RouteScope.allCases {
            guard let range = configuration.routes.ports(of: scope) else { continue }
            ports[scope] = range
            maps[scope] = scope == .loopback ? paths.proxyMap : "\(paths.proxyMap).\(scope.rawValue)"
        }
    }
}
