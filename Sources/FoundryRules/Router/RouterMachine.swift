import FoundryModel

/// Decides what the router does to HAProxy, so that every ordered route is led to its target and nothing else is led anywhere.
///
/// Level-triggered: from whatever HAProxy has, the same table results. A port never leads to a member of other orders than the newest: what is no target any
/// more is drained, its connections are closed and it is removed before a new one is added; a route that is gone leaves the map first. Without orders
/// HAProxy is left as it is.
/// - Source: design sections 3 and 6.
public struct RouterMachine: Sendable {
    /// Those that are followed; nil until some came.
    public internal(set) var orders: RouterOrders?
    /// HAProxy is there, and what it has was observed.
    public internal(set) var isConnected = false
    /// Routes of the orders that are not followed, in the orders' sequence.
    public internal(set) var refusals: [RouterRefusal] = []
    var slots: [RouteSlot: RouterSlotState] = [:]
    var epochs = RouterEpochs()
    private let ports: [RouteScope: ClosedRange<Int>]

    /// - Parameter ports: that HAProxy listens on.
    public init(ports: [RouteScope: ClosedRange<Int>]) { self.ports = ports }

    /// Takes an event in.
    ///
    /// - Returns: at most one effect per port, none for a port that has one in flight; sorted by port when there are several.
    public mutating func handle(_ event: RouterEvent, now: MonotonicTime) -> RouterDecision {
        switch event {
        case .orders(let orders):
            let refusals = follow(orders)
            return RouterDecision(effects: planAll(now), refusals: refusals)
        case .observed(let table):
            let refusals = observe(table)
            return RouterDecision(effects: planAll(now), refusals: refusals)
        case .lost:
            lose()
            return RouterDecision()
        case .done(let effect):
            guard slots[effect.slot]?.inFlight == effect else {
                return RouterDecision(refusals: [.notInFlight(effect)])
            }
            slots[effect.slot]?.end(effect)
            return RouterDecision(effects: plan(effect.slot, now).map { [$0] } ?? [])
        case .failed(let effect, let error):
            guard slots[effect.slot]?.inFlight == effect else {
                return RouterDecision(refusals: [.notInFlight(effect)])
            }
            slots[effect.slot]?.fail(effect, error, now: now)
            return RouterDecision()
        case .tick:
            return RouterDecision(effects: planAll(now))
        }
    }

    /// After a failure nobody knows what HAProxy has: it has to be asked before that port goes on.
    public var needsObservation: Bool {
        isConnected && slots.values.contains { !$0.isCertain && $0.inFlight == nil }
    }

    /// When the next `tick` is due; nil when nothing waits for time to pass.
    public var nextWake: MonotonicTime? {
        guard isConnected, orders != nil else { return nil }
        return slots.values.compactMap { $0.inFlight == nil && $0.isCertain ? $0.retryAt : nil }.min()
    }

    func isPrepared(_ slot: RouteSlot) -> Bool { ports[slot.scope]?.contains(slot.port) ?? false }
}
