import FoundryModel

/// The ways that are open in a cell's network, all of them; any other is closed.
public struct NetworkLinks: Hashable, Sendable {
    /// A packet may go from the one member to the other.
    public var pairs: Set<SlotPair>
    /// A member may connect to a port at its gateway.
    public var routes: Set<SlotRoute>

    public init(pairs: Set<SlotPair> = [], routes: Set<SlotRoute> = []) {
        self.pairs = pairs
        self.routes = routes
    }

    /// Of members by their slots: a cluster's reach each other, an app's the routes that it is bound to.
    ///
    /// Two members are a pair only if each is named to the other, under the slot that it has. What is said of one alone opens nothing.
    init(_ members: [MemberOrder]) {
        self.init()
        var slots: [MemberID: Int] = [:]
        let clustered = members.filter { $0.spec.service?.cluster != nil }
        for order in clustered { slots[order.id] = order.slot }
        var said: [SlotPair] = []
        for order in clustered {
            if let peers = order.service?.peers {
                said += peers.filter { $0.member != order.id && slots[$0.member] == $0.slot }
                    .map { SlotPair(from: order.slot, to: $0.slot) }
            }
        }
        pairs = Set(said).intersection(said.map(\.back))
        for order in members {
            for route in order.bindings?.routes ?? [] { routes.insert(SlotRoute(slot: order.slot, port: route.port)) }
        }
    }

    /// Those that begin or end at one member.
    func touching(_ slot: Int) -> NetworkLinks {
        NetworkLinks(
            pairs: pairs.filter { $0.from == slot || $0.to == slot }, routes: routes.filter { $0.slot == slot })
    }
}

public struct SlotPair: Hashable, Sendable, Comparable {
    public var from: Int
    public var to: Int

    public init(from: Int, to: Int) {
        self.from = from
        self.to = to
    }

    var back: SlotPair { SlotPair(from: to, to: from) }

    public static func < (left: Self, right: Self) -> Bool { (left.from, left.to) < (right.from, right.to) }
}

public struct SlotRoute: Hashable, Sendable, Comparable {
    public var slot: Int
    public var port: Int

    public init(slot: Int, port: Int) {
        self.slot = slot
        self.port = port
    }

    public static func < (left: Self, right: Self) -> Bool { (left.slot, left.port) < (right.slot, right.port) }
}
