import FoundryModel

/// With what a member's container was made, beside its specification.
struct MemberBrief: Hashable, Sendable {
    var service: ServiceOrder?
    var bindings: BoundServicesOrder?

    init(_ order: MemberOrder) {
        service = order.service
        bindings = order.bindings
    }

    var isNone: Bool { service == nil && bindings == nil }
}

extension CellMachine {
    /// A process that has not begun yet begins with what is so now: what it would find of an instance may not be true any more.
    func isBriefed(_ order: MemberOrder) -> Bool {
        let brief = MemberBrief(order)
        return briefs[order.id].map { $0 == brief } ?? brief.isNone
    }

    /// A running member is told the names of others that came, or moved; of one that was found nobody knows what it was told.
    func hostsStep(_ order: MemberOrder) -> CellEffect? {
        guard order.spec.service?.cluster != nil, let peers = order.service?.peers,
            briefs[order.id]?.service?.peers != peers
        else { return nil }
        return .writeHosts(order)
    }

    mutating func noteHosts(_ order: MemberOrder) {
        if containers[order.id] != nil {
            var brief = briefs[order.id] ?? MemberBrief(order)
            brief.service = order.service
            briefs[order.id] = brief
        }
    }
}
