import FoundryModel
import FoundryRules

/// What a machine of ours refuses, and why: each must be reached.
enum RefusalKind: String, CaseIterable {
    case sessionExpired = "session expired"
    case sessionHeldByAnother = "session held by another"
    case sessionUnknown = "session unknown"
    case sessionSequence = "session sequence"
    case sessionUnavailable = "session unavailable"
    case diskOlder = "disk older"
    case volumeMissing = "volume missing"
    case volumeEmpty = "volume empty"
    case volumeForeign = "volume foreign"
    case volumeOlder = "volume older"
    case volumeNewer = "volume newer"
    case volumeUnsealed = "volume unsealed"
    case routesOlder = "routes older"
    case routeOfOlderEpoch = "route of older epoch"

    init(_ refusal: SessionRefusal) {
        switch refusal {
        case .expired: self = .sessionExpired
        case .heldByAnother: self = .sessionHeldByAnother
        case .diskOlder: self = .diskOlder
        case .unknown: self = .sessionUnknown
        case .sequenceIs: self = .sessionSequence
        case .unavailable: self = .sessionUnavailable
        }
    }

    /// - Returns: nil for what is no refusal of a volume, or none that the simulated disks can bring about.
    init?(volume code: ErrorCode) {
        switch code {
        case .volumeMissing: self = .volumeMissing
        case .volumeEmpty: self = .volumeEmpty
        case .volumeForeign: self = .volumeForeign
        case .volumeOlder: self = .volumeOlder
        case .volumeNewer: self = .volumeNewer
        case .volumeUnsealed: self = .volumeUnsealed
        default: return nil
        }
    }

    /// - Returns: nil for orders that no server of the simulated world gives.
    init?(_ refusal: RouterRefusal) {
        switch refusal {
        case .olderRevision: self = .routesOlder
        case .olderEpoch: self = .routeOfOlderEpoch
        case .portNotPrepared, .portOrderedTwice, .targetInvalid, .notInFlight: return nil
        }
    }
}

extension World {
    func refused(_ kind: RefusalKind?) { if let kind { reachedRefusals[kind, default: 0] += 1 } }
}
