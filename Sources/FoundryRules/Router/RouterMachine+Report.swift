import FoundryModel

extension RouterMachine {
    /// What the router has done, for the server.
    public var report: RouterReport {
        RouterReport(
            ordersRevision: orders?.revision, applied: orders?.routes.filter(isApplied) ?? [], problem: problem)
    }

    private func isApplied(_ route: RouteOrder) -> Bool {
        let slot = RouteSlot(scope: route.scope, port: route.port)
        guard isConnected, !route.targets.isEmpty, let state = slots[slot], state.wish == .targets(route.targets) else {
            return false
        }
        return state.isLed(slot, to: route.targets)
    }

    private var problem: String? {
        guard isConnected else { return "HAProxy does not answer." }
        let failures = slots.sorted { $0.key < $1.key }.compactMap(\.value.problem)
        let all = refusals.map(\.description) + failures
        return all.first.map { all.count == 1 ? $0 : "\($0) (and \(all.count - 1) more)" }
    }
}

extension RouterSlotState {
    /// The map entry and the ready servers are all there, and nothing else.
    func isLed(_ slot: RouteSlot, to targets: [RouteTarget]) -> Bool {
        isCertain && leads == [slot.description] && servers.count == targets.count
            && Set(servers.values) == Set(targets.map { ProxyServer($0, state: .ready) })
    }
}
