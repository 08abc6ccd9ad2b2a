/// When a daemon of ours that ended is started again: at once, with growing pauses while it keeps ending young. It is never given up.
public struct DaemonRestart: Hashable, Sendable {
    public struct Limits: Hashable, Sendable {
        public var firstDelayMilliseconds: Int64
        public var longestDelayMilliseconds: Int64
        /// It ran for this long: the count begins anew.
        public var settledMilliseconds: Int64

        public init(
            firstDelayMilliseconds: Int64 = 10, longestDelayMilliseconds: Int64 = 5_000,
            settledMilliseconds: Int64 = 3_000
        ) {
            self.firstDelayMilliseconds = firstDelayMilliseconds
            self.longestDelayMilliseconds = longestDelayMilliseconds
            self.settledMilliseconds = settledMilliseconds
        }
    }

    public let limits: Limits
    /// Ends in a row, none of them after a run that counts as settled.
    public private(set) var endsInARow = 0

    public init(limits: Limits = Limits()) { self.limits = limits }

    /// Counts an end.
    ///
    /// - Parameter milliseconds: how long it had run; 0 when it could not even be started.
    /// - Returns: milliseconds until the next start, between the first and the longest delay; it doubles with each end in a row.
    public mutating func delay(afterRunOf milliseconds: Int64) -> Int64 {
        endsInARow = milliseconds >= limits.settledMilliseconds ? 1 : endsInARow + 1
        var delay = limits.firstDelayMilliseconds
        for _ in 1..<endsInARow where delay < limits.longestDelayMilliseconds { delay = max(1, delay) * 2 }
        return min(delay, limits.longestDelayMilliseconds)
    }
}
