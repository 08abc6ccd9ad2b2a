import FoundryModel

/// What the router does to HAProxy, one command at a time. Each is journalled before it is done, and is safe to do twice.
public enum RouterEffect: Hashable, Sendable {
    /// The port leads nowhere: new connections are refused.
    case removeMapEntry(RouteSlot)
    /// The server takes no new connections.
    case drainServer(RouteSlot, server: String)
    /// Every connection to the server is closed. Done only when none is left.
    case closeSessions(RouteSlot, server: String)
    /// Only of a drained server without connections.
    case removeServer(RouteSlot, server: String)
    /// Only to a backend all of whose servers are of the same orders. The server takes no connections yet.
    case addServer(RouteSlot, RouteTarget)
    case readyServer(RouteSlot, server: String)
    /// The port leads to its own backend.
    case setMapEntry(RouteSlot)

    public var slot: RouteSlot {
        switch self {
        case .removeMapEntry(let slot), .drainServer(let slot, _), .closeSessions(let slot, _),
            .removeServer(let slot, _),
            .addServer(let slot, _), .readyServer(let slot, _), .setMapEntry(let slot):
            slot
        }
    }

    public var name: RouterEffectName {
        switch self {
        case .removeMapEntry: .mapRemove
        case .drainServer: .serverDrain
        case .closeSessions: .sessionsClose
        case .removeServer: .serverRemove
        case .addServer: .serverAdd
        case .readyServer: .serverReady
        case .setMapEntry: .mapSet
        }
    }

    /// What it is done to, for the journal: `loopback.20000` or `loopback.20000/3f1c-0_7`.
    public var subject: String {
        switch self {
        case .removeMapEntry(let slot), .setMapEntry(let slot): slot.description
        case .drainServer(let slot, let server), .closeSessions(let slot, let server),
            .removeServer(let slot, let server),
            .readyServer(let slot, let server):
            "\(slot)/\(server)"
        case .addServer(let slot, let target): "\(slot)/\(ProxyServerName(target))"
        }
    }
}

/// The names under which the router's effects are journalled; with `.before` and `.after` they name the kill points.
public enum RouterEffectName: String, Hashable, Sendable, CaseIterable {
    case serverAdd = "server.add"
    case serverReady = "server.ready"
    case mapSet = "map.set"
    case mapRemove = "map.remove"
    case serverDrain = "server.drain"
    case sessionsClose = "sessions.close"
    case serverRemove = "server.remove"
}
