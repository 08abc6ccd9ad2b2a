import FoundryModel
import FoundryRules

/// HAProxy as the router's effects see it: what each command does, and when it is refused.
struct RouterModelProxy {
    var table = ProxyTable()
    /// Open connections, by port and server.
    var sessions: [RouteSlot: [String: Int]] = [:]

    /// - Returns: false when HAProxy refuses the command.
    mutating func apply(_ effect: RouterEffect) -> Bool {
        let slot = effect.slot
        switch effect {
        case .setMapEntry: table.leads[slot] = [slot.description]
        case .removeMapEntry: table.leads[slot] = nil
        case .addServer(_, let target):
            let server = ProxyServer(target, state: .maintenance)
            guard self.server(slot, server.name) == nil else { return false }
            table.servers[slot, default: []].append(server)
        case .readyServer(_, let name): return change(slot, name, .ready)
        case .drainServer(_, let name): return change(slot, name, .maintenance)
        case .closeSessions(_, let name): sessions[slot]?[name] = nil
        case .removeServer(_, let name):
            guard let server = server(slot, name) else { return true }
            guard server.state == .maintenance, sessions[slot]?[name] == nil else { return false }
            table.servers[slot]?.removeAll { $0.name == name }
            if table.servers[slot]?.isEmpty == true { table.servers[slot] = nil }
        }
        return true
    }

    /// A client connects: HAProxy takes any ready server of the backend that the map leads to.
    mutating func connect(_ slot: RouteSlot, choosing random: inout RouterRandom) -> ProxyServer? {
        guard let lead = table.leads[slot]?.randomElement(using: &random), let backend = RouteSlot(backend: lead),
            let server = table.servers[backend]?.filter({ $0.state != .maintenance }).randomElement(using: &random)
        else { return nil }
        sessions[backend, default: [:]][server.name, default: 0] += 1
        return server
    }

    func server(_ slot: RouteSlot, _ name: String) -> ProxyServer? { table.servers[slot]?.first { $0.name == name } }

    private mutating func change(_ slot: RouteSlot, _ name: String, _ state: ProxyServerState) -> Bool {
        guard let index = table.servers[slot]?.firstIndex(where: { $0.name == name }) else { return false }
        table.servers[slot]?[index].state = state
        return true
    }
}

/// SplitMix64: the same numbers from the same seed, for ever.
struct RouterRandom: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}
