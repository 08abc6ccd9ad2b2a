import FoundryModel

/// Watches the sentinel's process, in the cell and in a second watcher: when it dies, does what it would have done; design 5.5.
public struct GuardWatcher: Hashable, Sendable {
    public let timing: SessionTiming
    public private(set) var state = GuardWatchState.unwatched
    private var kill: GuardKill?

    public init(timing: SessionTiming) { self.timing = timing }

    public mutating func handle(_ event: GuardWatchEvent, now: MonotonicTime) -> GuardWatchDecision {
        var decision = GuardWatchDecision()
        switch event {
        case .tick: break
        case .sentinelLives: follow(&decision)
        case .sentinelDied: lose(&decision, now: now)
        case .frozen: decision.effects.formUnion(kill?.frozen() ?? [])
        case .killed(let remaining): note(remaining, &decision)
        }
        pursue(&decision, now: now)
        return decision
    }

    /// When it wants a tick; nil: nothing waits for time.
    public var nextWake: MonotonicTime? {
        kill.map { state == .firing ? min($0.nextCheck, $0.deadline) : $0.nextCheck }
    }

    private mutating func follow(_ decision: inout GuardWatchDecision) {
        switch state {
        case .unwatched, .watching, .fired: state = .watching
        case .firing, .failed: decision.rejection = .firing
        }
    }

    private mutating func lose(_ decision: inout GuardWatchDecision, now: MonotonicTime) {
        guard state == .watching else { return decision.rejection = .notWatching }
        if Planted.has(.sentinelDeathUnnoticed) { return }
        let begun = GuardKill.begin(timing, now: now)
        kill = begun.kill
        state = .firing
        decision.effects.formUnion(begun.effects)
        decision.effects.insert(.tell)
    }

    private mutating func note(_ remaining: Int, _ decision: inout GuardWatchDecision) {
        guard state == .firing, remaining == 0 else { return }
        kill = nil
        state = .fired
        decision.effects.insert(.tell)
    }

    private mutating func pursue(_ decision: inout GuardWatchDecision, now: MonotonicTime) {
        guard var kill else { return }
        if state == .firing, now >= kill.deadline {
            state = .failed
            decision.effects.formUnion([.reboot, .tell])
        }
        let due = kill.tick(now: now)
        decision.effects.formUnion(due)
        if state == .failed, !due.isEmpty { decision.effects.insert(.reboot) }
        self.kill = kill
    }
}

public enum GuardWatchEvent: Hashable, Sendable {
    /// Its process is held by a descriptor from now on.
    case sentinelLives
    case sentinelDied
    case frozen
    /// What a check found: tasks that could still write.
    case killed(remaining: Int)
    case tick
}

public enum GuardWatchState: Hashable, Sendable, CaseIterable {
    /// No sentinel is known to live.
    case unwatched
    case watching
    case firing
    /// All are stopped, and frozen: the next sentinel begins latched.
    case fired
    /// They could not be stopped: the machine goes down.
    case failed
}

public struct GuardWatchDecision: Hashable, Sendable {
    public var effects: GuardEffects = []
    public var rejection: GuardWatchRejection?

    public init() {}
}

public enum GuardWatchRejection: Hashable, Sendable, CaseIterable {
    case notWatching
    /// Another sentinel begins while it stops the members of the one before.
    case firing
}
