/// What a workload asks for when a machine is lost; design 4.
public struct RecoverySpec: Hashable, Sendable, Codable {
    /// The least evidence that frees the workload's volumes.
    public var fence: FenceLevel
    public var whenLost: WhenLost
    /// Members beside the primary that follow it.
    public var replicas: Int
    public var replication: ReplicationMode

    public init(
        fence: FenceLevel = .session, whenLost: WhenLost = .wait, replicas: Int = 0,
        replication: ReplicationMode = .synchronous
    ) {
        self.fence = fence
        self.whenLost = whenLost
        self.replicas = replicas
        self.replication = replication
    }
}

/// The least evidence that frees a volume: each frees what those before it free.
public enum FenceLevel: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
    case session
    case power
    /// Stay down until somebody says so.
    case person

    private var rank: Int {
        switch self {
        case .session: 0
        case .power: 1
        case .person: 2
        }
    }

    public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
}

/// What becomes of a workload of which no copy is left in reach (`--when-lost`).
public enum WhenLost: String, Hashable, Sendable, Codable, CaseIterable {
    /// For its machine, or for a person.
    case wait
    /// Starts on an empty volume: for caches. Only under `available`.
    case empty
}

public enum ReplicationMode: String, Hashable, Sendable, Codable, CaseIterable {
    /// The primary acknowledges a write when the replicas that it waits for have it.
    case synchronous
    case asynchronous
}
