import FoundryModel

extension RouterMachine {
    /// What the router has done, for the server.
    public var report: RouterReport {
        RouterReport(
            ordersRevision: orders?.revision, applied: orders?.routes.filter(isApplied) ?? [], problem: problem)
    }

    private func isApplied(_ route: RouteOrder) -> Bool {
        let slot = RouteSlot(scope: route.scope, port: route.port)
        guard isConnected, let target = route.target, let state = slots[slot], state.wish == .target(target) else {
            return false
        }
        return state.isLed(slot, to: target)
    }

    private var problem: String? {
        guard isConnected else { return "HAProxy does not answer." }
        let failures = slots.sorted { $0.key < $1.key }.compactMap(\.value.problem)
        let all = refusals.map(\.description) + failures
        return all.first.map { all.count == 1 ? $0 : "\($0) (and \(all.count - 1) more)" }
    }
}

extension RouterSlotState {
    /// The map entry and the ready server are both there, and nothing else.
    func isLed(_ slot: RouteSlot, to target: RouteTarget) -> Bool {
        isCertain && leads == [slot.description] && Array(servers.values) == [ProxyServer(target, state: .ready)]
    }
}
