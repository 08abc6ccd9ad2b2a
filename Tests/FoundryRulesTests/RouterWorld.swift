import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

/// A router, its HAProxy, its clients and a server that changes its mind, from a seed. What must never be is checked at each step.
struct RouterWorld {
    static let ports: [RouteScope: ClosedRange<Int>] = [.loopback: 20_000...20_003, .public: 5_000...5_001]
    static let slots = ports.flatMap { scope, range in range.map { RouteSlot(scope: scope, port: $0) } }.sorted()
    static let members = (1...4).compactMap { MemberID("m\($0)") }

    var random: RouterRandom
    var proxy = RouterModelProxy()
    var machine = RouterMachine(ports: Self.ports)
    var pending: [RouterEffect] = []
    var now = MonotonicTime(milliseconds: 0)
    var orders = RouterOrders(revision: 0, routes: [])
    var epochs: [MemberID: UInt64] = [:]
    /// Whom a port was to lead to when what is under way for it was decided.
    var decided: [RouteSlot: [RouteTarget]] = [:]

    init(seed: UInt64) {
        random = RouterRandom(seed: seed)
        if random.chance(80) { proxy.table = junk() }
        tell(.observed(proxy.table))
    }

    mutating func step() {
        now = now + Int64.random(in: 0...60, using: &random)
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<12: order()
        case 12..<40: connect()
        case 40..<85: act()
        case 85..<88: restartProxy()
        case 88..<91: restartRouter()
        case 91..<94: tell(.observed(proxy.table))
        case 94..<96: staleOrders()
        default: tell(.tick)
        }
        if machine.needsObservation, random.chance(50) { tell(.observed(proxy.table)) }
    }

    /// The server's first word, or its next.
    mutating func order() {
        var routes: [RouteOrder] = []
        for slot in Self.slots where random.chance(70) {
            routes.append(RouteOrder(scope: slot.scope, port: slot.port, targets: targets()))
        }
        orders = RouterOrders(revision: orders.revision + 1, routes: sameEpoch(routes))
        tell(.orders(orders))
    }

    /// No more trouble: everything decided is done until nothing is left to do.
    mutating func settle() {
        tell(.orders(orders))
        for _ in 0..<1_000 {
            if !pending.isEmpty {
                act(failing: 0)
            } else if machine.needsObservation {
                tell(.observed(proxy.table))
            } else if let wake = machine.nextWake {
                now = max(now, wake)
                tell(.tick)
            } else {
                return
            }
        }
        Issue.record("the router does not come to rest")
    }

    /// What HAProxy shall have for the orders.
    var expected: ProxyTable {
        var table = ProxyTable()
        for route in orders.routes {
            guard !route.targets.isEmpty else { continue }
            let slot = RouteSlot(scope: route.scope, port: route.port)
            table.leads[slot] = [slot.description]
            table.servers[slot] = route.targets.map { ProxyServer($0, state: .ready) }
        }
        return table
    }

    /// What HAProxy has, as `expected` says it: in which order servers came matters to nobody.
    var found: ProxyTable {
        var table = proxy.table
        for slot in table.servers.keys { table.servers[slot]?.sort { $0.name < $1.name } }
        return table
    }

    private mutating func tell(_ event: RouterEvent) {
        let decision = machine.handle(event, now: now)
        for effect in decision.effects {
            #expect(!pending.contains { $0.slot == effect.slot }, "one effect at a time per port")
            checkOrdered(effect)
        }
        pending += decision.effects
    }

    /// Nothing is led anywhere but where the orders that are followed say.
    private mutating func checkOrdered(_ effect: RouterEffect) {
        guard let orders = machine.orders else {
            Issue.record("\(effect) without orders")
            return
        }
        let targets = orders.routes.first { RouteSlot(scope: $0.scope, port: $0.port) == effect.slot }?.targets ?? []
        decided[effect.slot] = targets
        switch effect {
        case .addServer(_, let new): #expect(targets.contains(new))
        case .readyServer(_, let server): #expect(targets.contains { ProxyServerName($0).description == server })
        case .setMapEntry: #expect(!targets.isEmpty)
        case .removeMapEntry, .drainServer, .closeSessions, .removeServer: break
        }
    }

    private mutating func act(failing percent: Int = 15) {
        guard !pending.isEmpty else { return }
        let effect = pending.removeFirst()
        if random.chance(percent) {
            if random.chance(50) { apply(effect) }
            tell(.failed(effect, FoundryError(.timedOut, "no answer")))
        } else if apply(effect) {
            tell(.done(effect))
        } else {
            tell(.failed(effect, FoundryError(.commandFailed, "refused")))
        }
    }

    /// When a target is added, whatever is none any more is gone, and so is every connection to it.
    @discardableResult
    private mutating func apply(_ effect: RouterEffect) -> Bool {
        if case .addServer(let slot, _) = effect {
            let names = (decided[slot] ?? []).map { ProxyServerName($0).description }
            #expect(proxy.table.servers[slot]?.filter { !names.contains($0.name) } ?? [] == [])
            #expect(proxy.sessions[slot]?.filter { !names.contains($0.key) } ?? [:] == [:])
        }
        return proxy.apply(effect)
    }

    /// A port of which the router says that it is led to its target leads there.
    private mutating func connect() {
        guard let slot = Self.slots.randomElement(using: &random) else { return }
        let server = proxy.connect(slot, choosing: &random)
        let applied = machine.report.applied.first { RouteSlot(scope: $0.scope, port: $0.port) == slot }
        if let applied, !pending.contains(where: { $0.slot == slot }) {
            #expect(applied.targets.contains { server == ProxyServer($0, state: .ready) })
        }
    }

    private mutating func restartProxy() {
        pending = []
        proxy = RouterModelProxy()
        tell(.lost)
        tell(.observed(proxy.table))
    }

    private mutating func restartRouter() {
        if let effect = pending.first, random.chance(50) { apply(effect) }
        pending = []
        machine = RouterMachine(ports: Self.ports)
        let before = proxy.table
        tell(.observed(proxy.table))
        #expect(pending.isEmpty && proxy.table == before, "without orders nothing is touched")
        if random.chance(80) { tell(.orders(orders)) }
    }

    private mutating func staleOrders() {
        guard let followed = machine.orders, followed.revision > 0 else { return }
        let decision = machine.handle(.orders(RouterOrders(revision: followed.revision - 1, routes: [])), now: now)
        #expect(decision.refusals == [.olderRevision(followed.revision - 1, followed: followed.revision)])
        #expect(machine.orders == followed)
        pending += decision.effects
    }

    /// None, one, or several, each member once.
    private mutating func targets() -> [RouteTarget] {
        guard random.chance(80) else { return [] }
        let count = random.chance(50) ? 1 : Int.random(in: 1...Self.members.count, using: &random)
        return Self.members.shuffled(using: &random).prefix(count).sorted().map { target($0) }
    }

    private mutating func target(_ member: MemberID) -> RouteTarget {
        if random.chance(30) { epochs[member, default: 0] += 1 }
        let address = "10.77.3.\(Int.random(in: 2...4, using: &random))"
        return RouteTarget(member: member, address: address, port: 6_379, epoch: Epoch(epochs[member] ?? 0))
    }

    /// One set of orders names one epoch of a member.
    private func sameEpoch(_ routes: [RouteOrder]) -> [RouteOrder] {
        routes.map { route in
            var route = route
            for index in route.targets.indices {
                route.targets[index].epoch = Epoch(epochs[route.targets[index].member] ?? 0)
            }
            return route
        }
    }

    /// A table that nobody of ours left behind.
    private mutating func junk() -> ProxyTable {
        var table = ProxyTable()
        for slot in Self.slots {
            if random.chance(50), let lead = Self.slots.randomElement(using: &random) {
                table.leads[slot] = random.chance(50) ? [lead.description] : [lead.description, slot.description]
            }
            let states: [ProxyServerState] = [.ready, .maintenance, .other]
            for name in ["m1_0", "m2_0", "stranger"] where random.chance(40) {
                let server = ProxyServer(
                    name: name, address: "10.77.3.9", port: 1, state: states.randomElement(using: &random) ?? .other)
                table.servers[slot, default: []].append(server)
            }
        }
        return table
    }
}
