import FoundryEffects
import FoundryModel
import FoundryRules

/// The router's effects as commands of HAProxy's runtime API.
///
/// HAProxy answers an error as text like any other, so every answer is compared with the one that success has.
/// - Source: HAProxy 2.6, management guide, section 9.3.
struct ProxyControl: Sendable {
    /// Between looks at whether the connections of a server are gone.
    private static let closingPause = Duration.milliseconds(5)
    private static let closingLooks = 100

    let connection: ProxyConnection
    let maps: [RouteScope: String]

    func perform(_ effect: RouterEffect) async throws(FoundryError) {
        switch effect {
        case .addServer(let slot, let target):
            try await expect(
                "New server registered.",
                "add server \(slot)/\(ProxyServerName(target)) \(target.address):\(target.port)")
        case .readyServer(let slot, let server):
            try await expect("", "set server \(slot)/\(server) state ready")
        case .drainServer(let slot, let server):
            try await expect("", "set server \(slot)/\(server) state maint")
        case .closeSessions(let slot, let server):
            try await closeSessions(slot, server)
        case .removeServer(let slot, let server):
            try await expect("Server deleted.", or: "No such server.", "del server \(slot)/\(server)")
        case .setMapEntry(let slot):
            try await setMapEntry(slot)
        case .removeMapEntry(let slot):
            try await expect("", or: "Key not found.", "del map \(map(slot)) \(slot.port)")
        }
    }

    /// What HAProxy has now.
    func observe() async throws(FoundryError) -> ProxyTable {
        var table = ProxyTable(servers: try ProxyAnswers.servers(try await connection.ask("show servers state")))
        for (scope, map) in maps.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            table.leads.merge(try ProxyAnswers.map(try await connection.ask("show map \(map)"), scope)) { $0.union($1) }
        }
        return table
    }

    /// Who answers.
    func identity() async throws(FoundryError) -> ProxyIdentity {
        try ProxyAnswers.identity(try await connection.ask("show info"))
    }

    /// HAProxy closes them after it has answered: done is when it counts none.
    private func closeSessions(_ slot: RouteSlot, _ server: String) async throws(FoundryError) {
        try await expect("", or: "No such server.", "shutdown sessions server \(slot)/\(server)")
        for _ in 0..<Self.closingLooks {
            let open = try ProxyAnswers.connections(try await connection.ask("show servers conn \(slot)"))
            guard let count = open["\(slot)/\(server)"], count > 0 else { return }
            try? await SystemClock.sleep(Self.closingPause)
        }
        throw FoundryError(.timedOut, "Connections of a route did not end in time.", detail: "\(slot)/\(server)")
    }

    /// `set map` changes every entry of the port, `add map` would add a second one: only a port without an entry gets one.
    private func setMapEntry(_ slot: RouteSlot) async throws(FoundryError) {
        let set = "set map \(map(slot)) \(slot.port) \(slot)"
        let answer = try await connection.ask(set).trimmed
        if answer == "entry not found." {
            try await expect("", "add map \(map(slot)) \(slot.port) \(slot)")
        } else if !answer.isEmpty {
            throw ProxyAnswers.refused(set, answer)
        }
    }

    private func map(_ slot: RouteSlot) -> String { maps[slot.scope] ?? "-" }

    private func expect(_ success: String, or other: String? = nil, _ command: String) async throws(FoundryError) {
        let answer = try await connection.ask(command).trimmed
        guard answer == success || other.map({ answer == $0 }) == true else {
            throw ProxyAnswers.refused(command, answer)
        }
    }
}

extension String {
    /// Without the line ends that HAProxy puts around an answer.
    fileprivate var trimmed: Substring {
        let start = drop { $0.isNewline }
        return start.lastIndex { !$0.isNewline }.map { start[...$0] } ?? ""
    }
}
