import FoundryModel

/// What a cell's machine is told.
public enum CellEvent: Hashable, Sendable {
    /// What was found of ours when the process started; the first event, once.
    case observed(CellObservation)
    case orders(CellOrders)
    case done(CellEffect, CellEffectResult)
    case failed(CellEffect, FoundryError)
    /// A process ended, or lost its monitor, without an effect of ours.
    case containerChanged(ContainerObservation)
    case probed(MemberID, pid: Int32, isServing: Bool)
    /// Stop every member and let go of every volume: the platform goes down.
    case drain
    /// A time that `nextWake` named has come.
    case tick
}

/// Why the machine did not take an event.
public enum CellRejection: Hashable, Sendable {
    case notObservedYet
    case observedTwice
    case ordersOlder(has: Int64, got: Int64)
    case termOlder(has: Term, got: Term)
    case notInFlight(CellEffectName)
}
