/// The words of an app's contract beside its restart policy, with what was left out filled in.
public struct PolicySummary: Hashable, Sendable, Codable {
    /// `immediate`, `normal`, `defer:MS`; nil without a disk.
    public var diskSync: String?
    /// `low`, `medium`, `high`, `max`; nil without a disk.
    public var ioPerformance: String?
    /// `reorder`
    public var tolerates: [String]
    /// `session`, `power`, `person`.
    public var fence: String
    /// `wait`, `empty`.
    public var whenLost: String

    public init(
        diskSync: String? = nil, ioPerformance: String? = nil, tolerates: [String] = [],
        fence: String = "session", whenLost: String = "wait"
    ) {
        self.diskSync = diskSync
        self.ioPerformance = ioPerformance
        self.tolerates = tolerates
        self.fence = fence
        self.whenLost = whenLost
    }
}
