import FoundryModel

/// Stopping every guarded member within K, or the whole machine: freeze, kill, look, and look again.
struct GuardKill: Hashable, Sendable {
    let deadline: MonotonicTime
    private let pause: Int64
    private(set) var nextCheck: MonotonicTime
    private var isFrozen = false

    /// - Returns: with it, what is done at once. Nobody waits for the freezing: a task that cannot be frozen can still be killed.
    static func begin(_ timing: SessionTiming, now: MonotonicTime) -> (kill: Self, effects: GuardEffects) {
        let kill = Self(timing, now: now)
        return (kill, Planted.has(.killWaitsForFrozen) ? [.freeze] : [.freeze, .kill, .check])
    }

    private init(_ timing: SessionTiming, now: MonotonicTime) {
        deadline = now + timing.killMilliseconds
        pause = max(1, timing.killMilliseconds / 8)
        nextCheck = now + max(1, timing.killMilliseconds / 8)
    }

    /// What is due while it is not known that all are stopped: those that came since are killed, too.
    mutating func tick(now: MonotonicTime) -> GuardEffects {
        guard now >= nextCheck else { return [] }
        nextCheck = now + pause
        return Planted.has(.killWaitsForFrozen) && !isFrozen ? [] : [.kill, .check]
    }

    mutating func frozen() -> GuardEffects {
        isFrozen = true
        return Planted.has(.killWaitsForFrozen) ? [.kill, .check] : []
    }
}
