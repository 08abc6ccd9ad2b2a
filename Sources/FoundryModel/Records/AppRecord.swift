/// An app as its user wants it.
public struct AppRecord: Hashable, Sendable, Codable {
    public var id: AppID
    public var name: AppName
    public var spec: WorkloadSpec
    public var desired: DesiredState
    /// Grows with every change that needs a new container: a push, a restart.
    public var generation: Int
    public var createdAt: Timestamp
    public var updatedAt: Timestamp
    /// A change of the specification that goes from member to member; nil: all have the newest.
    public var rollout: Rollout?
    /// Grows with each member that is placed: of two placements that were decided on the same record only one is done.
    public var placements: Int

    public init(
        id: AppID, name: AppName, spec: WorkloadSpec, desired: DesiredState, generation: Int, createdAt: Timestamp,
        updatedAt: Timestamp, rollout: Rollout? = nil,
        placements: Int = 0
    ) {
        self.id = id
        self.name = name
        self.spec = spec
        self.desired = desired
        self.generation = generation
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.rollout = rollout
        self.placements = placements
    }

    /// What its members run from: while a change goes on, the one before as well, which is the way back.
    public var images: [ResolvedImage] { [spec.image] + (rollout.map { [$0.previous.image] } ?? []) }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(AppID.self, forKey: .id)
        name = try container.decode(AppName.self, forKey: .name)
        spec = try container.decode(WorkloadSpec.self, forKey: .spec)
        desired = try container.decode(DesiredState.self, forKey: .desired)
        generation = try container.decode(Int.self, forKey: .generation)
        createdAt = try container.decode(Timestamp.self, forKey: .createdAt)
        updatedAt = try container.decode(Timestamp.self, forKey: .updatedAt)
        rollout = try container.decodeIfPresent(Rollout.self, forKey: .rollout)
        placements = try container.decodeIfPresent(Int.self, forKey: .placements) ?? 0
    }
}

/// A changed specification on its way through the members, one at a time.
public struct Rollout: Hashable, Sendable, Codable {
    /// What members run that are pinned to the older generation.
    public var previous: WorkloadSpec
    public var previousGeneration: Int
    public var state: RolloutState
    /// What the app was reached by before; nil: the change is none of its route, or the route is back.
    public var routeBefore: RouteBefore?
    /// What the member logged last that did not become healthy.
    public var lastLines: [String]

    public init(
        previous: WorkloadSpec, previousGeneration: Int, state: RolloutState = .rolling,
        routeBefore: RouteBefore? = nil, lastLines: [String] = []
    ) {
        self.previous = previous
        self.previousGeneration = previousGeneration
        self.state = state
        self.routeBefore = routeBefore
        self.lastLines = lastLines
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        previous = try container.decode(WorkloadSpec.self, forKey: .previous)
        previousGeneration = try container.decode(Int.self, forKey: .previousGeneration)
        state = try container.decode(RolloutState.self, forKey: .state)
        routeBefore = try container.decodeIfPresent(RouteBefore.self, forKey: .routeBefore)
        lastLines = try container.decodeIfPresent([String].self, forKey: .lastLines) ?? []
    }
}

/// A route that comes back when a change goes back; its port is nobody else's until then.
public struct RouteBefore: Hashable, Sendable, Codable {
    /// nil: there was none.
    public var route: RouteRecord?

    public init(_ route: RouteRecord?) { self.route = route }
}

public enum RolloutState: Hashable, Sendable, Codable {
    case rolling
    /// A member did not become healthy: it and those before it go back to the previous specification.
    case goingBack(reason: String)
}

public enum DesiredState: Hashable, Sendable, Codable {
    case started
    case stopped
    /// Removed once its member is gone; its volume is kept for the grace period, or purged.
    case deleted(purge: Bool)
}
