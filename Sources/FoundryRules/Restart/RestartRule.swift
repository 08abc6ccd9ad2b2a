import FoundryModel

/// Decides when a member that ended by itself is started again.
///
/// The delay doubles from the first to the longest; after `endsUntilCrashed` ends in a row the member counts as crashed and is tried seldom. An end after
/// the member had been healthy for `settledMilliseconds` begins the count anew.
public enum RestartRule {
    public enum Verdict: Hashable, Sendable {
        case waiting
        case crashed
    }

    /// - Parameter healthyForMilliseconds: how long the process that ended had been healthy; nil: never.
    /// - Returns: the history with this end in it, and its `nextTry` set.
    public static func afterEnd(
        _ history: RestartHistory, exit: MemberExit, healthyForMilliseconds: Int64?, limits: RestartLimits,
        now: Timestamp
    ) -> RestartHistory {
        var next = history
        let wasSettled = healthyForMilliseconds.map { $0 >= limits.settledMilliseconds } ?? false
        next.endsInARow = wasSettled ? 1 : history.endsInARow + 1
        next.lastExit = exit
        next.nextTry = now + delay(endsInARow: next.endsInARow, limits: limits)
        return next
    }

    public static func verdict(_ history: RestartHistory, limits: RestartLimits) -> Verdict {
        history.endsInARow >= limits.endsUntilCrashed ? .crashed : .waiting
    }

    /// Whether a member is still kept from starting. A next try that is farther away than any delay means that the clock was set back: it is due.
    public static func isHeldBack(_ history: RestartHistory, limits: RestartLimits, now: Timestamp) -> Bool {
        guard let next = history.nextTry, next > now else { return false }
        return next - now <= delay(endsInARow: history.endsInARow, limits: limits)
    }

    /// - Parameter endsInARow: at least 1.
    /// - Returns: milliseconds.
    public static func delay(endsInARow: Int, limits: RestartLimits) -> Int64 {
        if endsInARow >= limits.endsUntilCrashed { return limits.crashedDelayMilliseconds }
        var delay = limits.firstDelayMilliseconds
        var doublings = endsInARow - 1
        while doublings > 0, delay < limits.longestDelayMilliseconds {
            delay = max(1, delay) * 2
            doublings -= 1
        }
        return min(delay, limits.longestDelayMilliseconds)
    }
}
