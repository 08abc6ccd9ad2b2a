/// Every route there shall be, whole.
public struct RouterOrders: Hashable, Sendable, Codable {
    /// Of the store, when the orders were written. A router ignores orders older than those it follows.
    public var revision: Int64
    /// Sorted by scope and port.
    public var routes: [RouteOrder]
    /// Of the controller, when the orders were written: revisions go back when the store is restored, terms never do.
    public var term: Term

    public init(revision: Int64, routes: [RouteOrder], term: Term = Term(0)) {
        self.revision = revision
        self.routes = routes
        self.term = term
    }
}

public struct RouteOrder: Hashable, Sendable, Codable {
    public var scope: RouteScope
    public var port: Int
    /// Sorted by member: each new connection goes to the one of them that has fewest. Empty: nothing serves it now; connections are refused.
    public var targets: [RouteTarget]
    /// Whatever the port leads to stays: the store was restored, and it is not known yet who holds the data. Then there are no targets.
    public var isKept: Bool

    public init(scope: RouteScope, port: Int, targets: [RouteTarget], isKept: Bool = false) {
        self.scope = scope
        self.port = port
        self.targets = targets
        self.isKept = isKept
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        scope = try container.decode(RouteScope.self, forKey: .scope)
        port = try container.decode(Int.self, forKey: .port)
        targets = try container.decode([RouteTarget].self, forKey: .targets)
        isKept = try container.decodeIfPresent(Bool.self, forKey: .isKept) ?? false
    }
}

public struct RouteTarget: Hashable, Sendable, Codable {
    public var member: MemberID
    /// `10.77.3.2`
    public var address: String
    public var port: Int
    /// The member's volume epoch (none without a volume): a table older than the epoch is never followed.
    public var epoch: Epoch

    public init(member: MemberID, address: String, port: Int, epoch: Epoch) {
        self.member = member
        self.address = address
        self.port = port
        self.epoch = epoch
    }
}

/// What a router has done.
public struct RouterReport: Hashable, Sendable, Codable {
    /// The revision of the orders that it follows; nil until it has any.
    public var ordersRevision: Int64?
    /// Routes that HAProxy leads to their targets now.
    public var applied: [RouteOrder]
    /// Why a route could not be applied, or HAProxy not reached.
    public var problem: String?

    public init(ordersRevision: Int64?, applied: [RouteOrder], problem: String?) {
        self.ordersRevision = ordersRevision
        self.applied = applied
        self.problem = problem
    }
}
