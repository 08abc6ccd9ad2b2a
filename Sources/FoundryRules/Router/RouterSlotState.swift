import FoundryModel

/// What a port shall lead to.
enum RouterSlotWish: Hashable, Sendable {
    case nothing
    /// One of these, and nobody else.
    case targets([RouteTarget])
    /// The order was refused, or says so: what is there stays.
    case asItIs
}

/// One port: what it shall lead to, what HAProxy has, and what is being done about it.
struct RouterSlotState: Hashable, Sendable {
    private static let firstDelayMilliseconds: Int64 = 50
    private static let longestDelayMilliseconds: Int64 = 5_000

    private(set) var wish = RouterSlotWish.nothing
    private(set) var leads: Set<String> = []
    private(set) var servers: [String: ProxyServer] = [:]
    /// Servers that were drained and have no connection any more.
    private(set) var closed: Set<String> = []
    private(set) var inFlight: RouterEffect?
    /// What is written here is what HAProxy has.
    private(set) var isCertain = true
    private var failures = 0
    private(set) var retryAt: MonotonicTime?
    private(set) var problem: String?

    /// Nothing is there and nothing is wanted: the state need not be kept.
    var isBlank: Bool {
        wish == .nothing && leads.isEmpty && servers.isEmpty && inFlight == nil && isCertain && problem == nil
    }

    mutating func wish(_ new: RouterSlotWish) {
        guard new != wish else { return }
        wish = new
        forgive()
    }

    /// Also true when it was seen while a command was on its way: what the command does is the same, seen before it or after it.
    mutating func observe(leads: Set<String>, servers: [ProxyServer]) {
        self.leads = leads
        self.servers = Dictionary(servers.map { ($0.name, $0) }) { first, _ in first }
        closed = []
        isCertain = true
    }

    mutating func lose() {
        observe(leads: [], servers: [])
        inFlight = nil
        forgive()
    }

    mutating func begin(_ effect: RouterEffect) {
        inFlight = effect
        retryAt = nil
    }

    mutating func end(_ effect: RouterEffect) {
        inFlight = nil
        switch effect {
        case .removeMapEntry: leads = []
        case .setMapEntry(let slot): leads = [slot.description]
        case .drainServer(_, let server): servers[server]?.state = .maintenance
        case .closeSessions(_, let server): closed.insert(server)
        case .removeServer(_, let server):
            servers[server] = nil
            closed.remove(server)
        case .addServer(_, let target):
            let server = ProxyServer(target, state: .maintenance)
            servers[server.name] = server
        case .readyServer(_, let server):
            servers[server]?.state = .ready
            closed.remove(server)
        }
    }

    mutating func fail(_ effect: RouterEffect, _ error: FoundryError, now: MonotonicTime) {
        inFlight = nil
        isCertain = false
        problem = "\(effect.name.rawValue) of \(effect.subject): \(error.message)"
        let delay = Self.firstDelayMilliseconds << min(failures, 7)
        retryAt = now + min(delay, Self.longestDelayMilliseconds)
        failures += 1
    }

    /// The port is as it shall be, or shall be something else now: earlier failures no longer count.
    mutating func forgive() {
        failures = 0
        retryAt = nil
        problem = nil
    }

    func isDue(_ now: MonotonicTime) -> Bool {
        inFlight == nil && isCertain && (retryAt.map { $0 <= now } ?? true)
    }
}
