/// How much history a store keeps for its watchers.
///
/// Compaction runs inside commits, a slice at a time: when `slack` more revisions than wanted have gathered, they go at once.
public struct HistoryPolicy: Sendable, Equatable {
    /// The newest revisions that are always kept.
    public var keep: Int64
    /// How many more may gather before they are dropped.
    public var slack: Int64

    public init(keep: Int64 = 20_000, slack: Int64 = 512) {
        precondition(keep >= 0 && slack >= 0, "a history can't be shorter than nothing")
        self.keep = keep
        self.slack = slack
    }

    /// - Parameter compacted: the newest revision whose events are already gone.
    /// - Returns: the newest revision whose events shall go now; `nil` when nothing is due.
    func due(newest: Int64, compacted: Int64) -> Int64? {
        newest - compacted > keep + slack ? newest - keep : nil
    }
}
