import FoundryModel

/// Why the router does not follow what it was told.
public enum RouterRefusal: Hashable, Sendable, CustomStringConvertible {
    /// The orders are older than those it follows: nothing of them is followed.
    case olderRevision(Int64, followed: Int64)
    /// The route's target has an older epoch than the router has seen of that member: the port is left as it is.
    case olderEpoch(RouteSlot, RouteTarget, known: Epoch)
    /// HAProxy has no such port.
    case portNotPrepared(RouteSlot)
    /// An earlier route of the same orders has the port.
    case portOrderedTwice(RouteSlot)
    /// Not an IPv4 address and a port: the port leads nowhere.
    case targetInvalid(RouteSlot, RouteTarget)
    /// A result of something that the router is not waiting for.
    case notInFlight(RouterEffect)

    public var description: String {
        switch self {
        case .olderRevision(let revision, let followed):
            "orders of revision \(revision) are older than those of \(followed), which are followed"
        case .olderEpoch(let slot, let target, let known):
            "\(slot): member \(target.member) is ordered at epoch \(target.epoch), and was seen at epoch \(known)"
        case .portNotPrepared(let slot):
            "\(slot): the port is not in the configured range"
        case .portOrderedTwice(let slot):
            "\(slot): the port is ordered twice"
        case .targetInvalid(let slot, let target):
            "\(slot): the target of member \(target.member) is not an IPv4 address and a port"
        case .notInFlight(let effect):
            "\(effect.name.rawValue) of \(effect.subject) is not in flight"
        }
    }
}
