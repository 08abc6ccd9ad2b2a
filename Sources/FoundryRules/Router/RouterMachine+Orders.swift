import FoundryModel

extension RouterMachine {
    mutating func follow(_ new: RouterOrders) -> [RouterRefusal] {
        if let orders, isOlder(new, than: orders), !Planted.has(.oldRouterTable) {
            return [.olderRevision(new.revision, followed: orders.revision)]
        }
        orders = new
        let targets = new.routes.flatMap(\.targets)
        for target in targets { epochs.see(target.member, target.epoch) }
        epochs.forget(except: Set(targets.map(\.member)))
        return judge()
    }

    private func isOlder(_ new: RouterOrders, than orders: RouterOrders) -> Bool {
        new.term < orders.term || (new.term == orders.term && new.revision < orders.revision)
    }

    /// Says of each route of the orders whether it is followed; asked again when an observation told a newer epoch.
    ///
    /// - Returns: refusals that did not stand before.
    mutating func judge() -> [RouterRefusal] {
        guard let orders else { return [] }
        var wishes: [RouteSlot: RouterSlotWish] = [:]
        var refused: [RouterRefusal] = []
        for route in orders.routes {
            let slot = RouteSlot(scope: route.scope, port: route.port)
            let refusal = refusal(of: route, slot, isTaken: wishes[slot] != nil)
            if let refusal { refused.append(refusal) }
            switch refusal {
            case nil: wishes[slot] = Self.wish(route)
            case .olderEpoch: wishes[slot] = .asItIs
            case .targetInvalid: wishes[slot] = .nothing
            case .portNotPrepared, .portOrderedTwice, .olderRevision, .notInFlight: break
            }
        }
        for slot in Set(slots.keys).union(wishes.keys) {
            slots[slot, default: RouterSlotState()].wish(wishes[slot] ?? .nothing)
        }
        let fresh = refused.filter { !refusals.contains($0) }
        refusals = refused
        return fresh
    }

    private static func wish(_ route: RouteOrder) -> RouterSlotWish {
        route.isKept ? .asItIs : route.targets.isEmpty ? .nothing : .targets(route.targets)
    }

    private func refusal(of route: RouteOrder, _ slot: RouteSlot, isTaken: Bool) -> RouterRefusal? {
        if !isPrepared(slot) { return .portNotPrepared(slot) }
        if isTaken { return .portOrderedTwice(slot) }
        for target in route.targets {
            if !Self.isUsable(target) { return .targetInvalid(slot, target) }
            if let known = epochs.newer(than: target), !Planted.has(.oldRouterTable) {
                return .olderEpoch(slot, target, known: known)
            }
        }
        return nil
    }

    /// Four decimal numbers as HAProxy writes them itself, so that what is observed can be compared with what is ordered.
    static func isUsable(_ target: RouteTarget) -> Bool {
        let parts = target.address.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { part in UInt8(part).map { "\($0)" == part } ?? false }
            && (1...65_535).contains(target.port)
    }
}
