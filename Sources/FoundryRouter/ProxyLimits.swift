/// What HAProxy may take.
public struct ProxyLimits: Hashable, Sendable {
    /// Connections at a time, of all routes. Each needs two of HAProxy's file descriptors, which it takes from the hard limit.
    public var connections = 4_000
    /// Of one route: so that a client of one app that opens all it can shuts nobody else out.
    public var connectionsOfRoute = 1_000
    public var threads: Int

    /// - Parameter cores: of the machine. Four threads move more than its network; on a small machine it stays small.
    public init(cores: Int) { threads = min(max(cores, 1), 4) }
}
