import FoundryModel

/// What happens one at a time: things of one member, of one volume, of one network, of one fence, of the guards' latch; the ways between members, one
/// verb.
enum CellLane: Hashable, Sendable, Comparable {
    case member(MemberID)
    case volume(VolumeID)
    /// While one is taken, its volume's lane rests.
    case snapshot(SnapshotID)
    /// The network of a slot.
    case slot(Int)
    case fence(FenceID)
    case latch
    /// The ways between members, all of them.
    case links
    /// Beside its member's own: a member goes on, and ends, while one runs in it.
    case verb(VerbID)

    init(_ effect: CellEffect) {
        switch effect {
        case .unpackImage(let member, _), .mountRootfs(let member, _), .unmountRootfs(let member),
            .startContainer(let member), .stopContainer(let member, _), .limitContainer(let member, _),
            .killContainer(let member), .deleteContainer(let member),
            .writeHistory(let member, _), .forgetMember(let member), .guardMember(let member),
            .unguardMember(let member):
            self = .member(member)
        case .createContainer(let order), .wireMember(let order), .writeHosts(let order): self = .member(order.id)
        case .createVolume(let order, _, _), .cloneVolume(let order, _, _): self = .volume(order.id)
        case .mountVolume(let volume), .unmountVolume(let volume), .deleteVolume(let volume), .readVolume(let volume),
            .tuneVolume(let volume, _):
            self = .volume(volume)
        case .takeVolume(let label), .growVolume(let label), .sealVolume(let label): self = .volume(label.volume)
        case .takeSnapshot(let order): self = .snapshot(order.id)
        case .deleteSnapshot(let snapshot): self = .snapshot(snapshot)
        case .createNetwork(_, let slot), .removeNetwork(let slot): self = .slot(slot)
        case .promise(let fence, _): self = .fence(fence)
        case .unlatch: self = .latch
        case .linkNetwork: self = .links
        case .runVerb(let order): self = .verb(order.id)
        }
    }
}

/// An effect of a lane failed: when the lane may try again.
struct CellRetry: Hashable, Sendable {
    private static let first: Int64 = 200
    static let longest: Int64 = 30_000

    var attempts = 0
    var notBefore = MonotonicTime(milliseconds: .min)
    var problem: FoundryError?

    /// - Parameter longest: the longest pause.
    mutating func note(_ error: FoundryError, longest: Int64 = Self.longest, now: MonotonicTime) {
        attempts += 1
        problem = error
        notBefore = now + min(Self.first << min(attempts - 1, 16), longest)
    }
}

/// A running container is being ended, and why.
struct ContainerStop: Hashable, Sendable {
    /// Of the cell's own making, for the exit; nil when its end was ordered.
    var reason: String?
    /// The guards stopped it: no grace, and no end of the member's own.
    var isByGuards = false
    /// It failed its check.
    var isByCheck = false
    var signalledAt: MonotonicTime?
    var killedAt: MonotonicTime?

    static let byGuards = Self(reason: "was stopped by its cell's guards", isByGuards: true)

    /// When SIGKILL is due, first or again; nil: now, or after a stop signal that was not sent yet.
    var killDue: MonotonicTime? {
        let again = killedAt.map { $0 + CellMachine.killAgainMilliseconds }
        guard !isByGuards else { return again }
        return signalledAt.map { max($0 + CellMachine.stopGraceMilliseconds, again ?? $0) }
    }
}

/// Since when a member is in its phase.
struct PhaseSince: Hashable, Sendable {
    var phase: MemberPhase
    var since: Timestamp
    /// Which check fails, in words.
    var complaint: String?
}
