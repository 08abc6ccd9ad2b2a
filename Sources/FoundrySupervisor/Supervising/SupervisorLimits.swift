import FoundryModel
import FoundryRules

/// The figures of a supervisor.
public struct SupervisorLimits: Hashable, Sendable, Codable {
    public var logSize: ByteCount
    /// Between two looks at the size of the logs.
    public var logCheckMilliseconds: Int64
    /// How long daemons that see their supervisor die leave the new start to whoever started it.
    public var headStartMilliseconds: Int64

    public init(
        logSize: ByteCount = DaemonLog.usualLimit, logCheckMilliseconds: Int64 = 30_000,
        headStartMilliseconds: Int64 = 2_000
    ) {
        self.logSize = logSize
        self.logCheckMilliseconds = logCheckMilliseconds
        self.headStartMilliseconds = headStartMilliseconds
    }
}
