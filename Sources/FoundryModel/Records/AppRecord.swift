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

    public init(
        id: AppID, name: AppName, spec: WorkloadSpec, desired: DesiredState, generation: Int, createdAt: Timestamp,
        updatedAt: Timestamp
    ) {
        self.id = id
        self.name = name
        self.spec = spec
        self.desired = desired
        self.generation = generation
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

public enum DesiredState: Hashable, Sendable, Codable {
    case started
    case stopped
    /// Removed once its member is gone; its volume is kept for the grace period, or purged.
    case deleted(purge: Bool)
}
