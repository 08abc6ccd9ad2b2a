import FoundryModel

/// How the controller sees a cell: from the records, and from how long its session has been silent on the controller's own clock.
public enum CellSight: Hashable, Sendable {
    /// No sessions are held on this platform: it counts as alive.
    case unwatched
    /// Its session is alive, and was renewed within two of its periods.
    case living
    /// Silent for this long, and not yet for T: nothing is decided.
    case late(milliseconds: Int64)
    /// Silent for T, and not expired: the brake, maintenance, or a transaction that is on its way.
    case overdue
    /// Its session expired; this fence is in force.
    case expired(FenceID)
    /// It never opened a session under this incarnation, or the store was restored and it has not been heard since.
    case unheard

    /// Whether members can be placed there, or taken over there, now.
    public var canHost: Bool {
        switch self {
        case .unwatched, .living: true
        case .late, .overdue, .expired, .unheard: false
        }
    }

    /// Whether nothing is heard of it for so long that it counts as lost.
    public var isLost: Bool {
        switch self {
        case .expired: true
        case .unwatched, .living, .late, .overdue, .unheard: false
        }
    }
}
