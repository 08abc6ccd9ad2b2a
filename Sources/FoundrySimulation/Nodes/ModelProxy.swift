import FoundryModel
import FoundryRules

/// HAProxy as the router's commands see it, and where each of its ports leads.
struct ModelProxy {
    /// Where connections of a port go.
    struct Lead: Hashable {
        var cell: Int
        var slot: UInt8
        var server: ProxyServerName
    }

    private(set) var table = ProxyTable()
    private let firstPort: Int
    /// By port: the members that a connection may reach.
    private(set) var leads: [[Lead]]

    init(firstPort: Int, count: Int) {
        self.firstPort = firstPort
        leads = [[Lead]](repeating: [], count: count)
    }

    /// It was restarted: it knows nothing.
    mutating func forget() {
        table = ProxyTable()
        for port in leads.indices { leads[port] = [] }
    }

    /// - Returns: false when HAProxy refuses the command.
    mutating func apply(_ effect: RouterEffect) -> Bool {
        let slot = effect.slot
        defer { follow(slot) }
        switch effect {
        case .setMapEntry: table.leads[slot] = [slot.description]
        case .removeMapEntry: table.leads[slot] = nil
        case .addServer(_, let target):
            let server = ProxyServer(target, state: .maintenance)
            guard !(table.servers[slot] ?? []).contains(where: { $0.name == server.name }) else { return false }
            table.servers[slot, default: []].append(server)
        case .readyServer(_, let name): return change(slot, name, .ready)
        case .drainServer(_, let name): return change(slot, name, .maintenance)
        case .closeSessions: break
        case .removeServer(_, let name):
            guard let server = table.servers[slot]?.first(where: { $0.name == name }) else { return true }
            guard server.state == .maintenance else { return false }
            table.servers[slot]?.removeAll { $0.name == name }
            if table.servers[slot]?.isEmpty == true { table.servers[slot] = nil }
        }
        return true
    }

    private mutating func change(_ slot: RouteSlot, _ name: String, _ state: ProxyServerState) -> Bool {
        guard let index = table.servers[slot]?.firstIndex(where: { $0.name == name }) else { return false }
        table.servers[slot]?[index].state = state
        return true
    }

    /// The port leads to the ready servers of the backend that the map names.
    private mutating func follow(_ slot: RouteSlot) {
        let port = slot.port - firstPort
        guard leads.indices.contains(port) else { return }
        let backend = table.leads[slot]?.first.flatMap { RouteSlot(backend: $0) }
        let servers = backend.flatMap { table.servers[$0] } ?? []
        leads[port] = servers.filter { $0.state == .ready }.compactMap { server in
            guard let place = World.place(of: server.address), let name = ProxyServerName(server.name) else {
                return nil
            }
            return Lead(cell: place.cell, slot: place.slot, server: name)
        }
    }
}
