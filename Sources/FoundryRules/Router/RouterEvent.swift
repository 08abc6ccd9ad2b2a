import FoundryModel

/// What the router's machine is told.
public enum RouterEvent: Hashable, Sendable {
    /// From the server, whole.
    case orders(RouterOrders)
    /// HAProxy was found or asked again: what it has now.
    case observed(ProxyTable)
    /// HAProxy is gone, and what it had with it; of what was in flight nothing more comes.
    case lost
    case done(RouterEffect)
    /// It may have been done all the same.
    case failed(RouterEffect, FoundryError)
    /// Time has passed.
    case tick
}

/// What the machine answers to an event.
public struct RouterDecision: Hashable, Sendable {
    /// To be done in this order; each is answered by `done` or `failed`, or all by `lost`.
    public var effects: [RouterEffect]
    /// What of the event was not followed, and why.
    public var refusals: [RouterRefusal]

    public init(effects: [RouterEffect] = [], refusals: [RouterRefusal] = []) {
        self.effects = effects
        self.refusals = refusals
    }
}
