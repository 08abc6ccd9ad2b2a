import FoundryModel

/// The dead-man's switch of a cell: at age F of the session it stops the guarded members, within K, or reboots; design 5.5.
///
/// What it froze stays frozen: a member whose start was under way when it fired joins a frozen group and runs not one instruction. Only `unlatch`, under
/// a newer session than the one that it fired under, kills once more and thaws.
public struct SentinelMachine: Hashable, Sendable {
    public let timing: SessionTiming
    public private(set) var state: SentinelState
    /// Under which it was last fed.
    public private(set) var session: SessionID?
    /// The process that feeds it is gone. It goes on counting.
    public private(set) var isAlone = false
    private var deadline: MonotonicTime?
    private var firedUnder: SessionID?
    private var kill: GuardKill?
    private var nextFeed: MonotonicTime

    /// - Parameter isLatched: the control group was found frozen: a sentinel before this one, or the watcher, fired.
    public init(timing: SessionTiming, isLatched: Bool = false, now: MonotonicTime) {
        self.timing = timing
        state = isLatched ? .latched : .idle
        nextFeed = now
    }

    /// Takes an event; time is looked at first, so that what comes at age F is too late.
    public mutating func handle(_ event: SentinelEvent, now: MonotonicTime) -> SentinelDecision {
        var decision = SentinelDecision()
        if state == .armed, let deadline, now >= deadline { fire(&decision, now: now) }
        take(event, &decision, now: now)
        pursue(&decision, now: now)
        feedWatchdog(&decision, now: now)
        return decision
    }

    /// When it wants a tick; nil: nothing waits for time.
    public var nextWake: MonotonicTime? {
        let due =
            switch state {
            case .idle, .latched: MonotonicTime?.none
            case .armed: deadline
            case .firing: kill.map { min($0.nextCheck, $0.deadline) }
            case .failed: kill?.nextCheck
            }
        guard feedsWatchdog else { return due }
        return due.map { min($0, nextFeed) } ?? nextFeed
    }

    /// Whether the hardware watchdog is fed: as long as this sentinel does what it is for.
    public var feedsWatchdog: Bool { timing.watchdogMilliseconds != nil && state != .failed }

    private mutating func take(_ event: SentinelEvent, _ decision: inout SentinelDecision, now: MonotonicTime) {
        switch event {
        case .tick: break
        case .fed(let session, let sentAt): feed(session, sentAt, &decision, now: now)
        case .fire:
            if state == .idle || state == .armed { fire(&decision, now: now) }
        case .disarm: disarm(&decision)
        case .frozen: decision.effects.formUnion(kill?.frozen() ?? [])
        case .killed(let remaining): note(remaining, &decision)
        case .unlatch(let session): unlatch(session, &decision, now: now)
        case .cellGone: isAlone = true
        }
    }

    private mutating func feed(
        _ session: SessionID, _ sentAt: MonotonicTime, _ decision: inout SentinelDecision, now: MonotonicTime
    ) {
        guard state != .failed else { return decision.rejection = .failed }
        let until = (Planted.has(.fedFromArrival) ? now : sentAt) + timing.fuseMilliseconds
        guard until > now else { return decision.rejection = .stale }
        isAlone = false
        deadline = self.session == session ? max(deadline ?? until, until) : until
        self.session = session
        guard state == .idle else { return }
        state = .armed
        decision.effects.insert(.tell)
    }

    private mutating func disarm(_ decision: inout SentinelDecision) {
        guard state == .armed || state == .idle else { return decision.rejection = .latched }
        state = .idle
        deadline = nil
        decision.effects.insert(.tell)
    }

    private mutating func fire(_ decision: inout SentinelDecision, now: MonotonicTime) {
        let begun = GuardKill.begin(timing, now: now)
        kill = begun.kill
        firedUnder = session
        deadline = nil
        state = .firing
        decision.effects.formUnion(begun.effects)
        decision.effects.insert(.tell)
    }

    private mutating func note(_ remaining: Int, _ decision: inout SentinelDecision) {
        guard state == .firing, remaining == 0 else { return }
        kill = nil
        state = Planted.has(.lateStartAfterKill) ? .idle : .latched
        if Planted.has(.lateStartAfterKill) { decision.effects.insert(.thaw) }
        decision.effects.insert(.tell)
    }

    private mutating func unlatch(_ session: SessionID, _ decision: inout SentinelDecision, now: MonotonicTime) {
        // It was lifted already, or never came down: under a session that it is fed under there is nothing to let go of.
        if state == .armed, session == self.session { return }
        guard state == .latched else { return decision.rejection = state == .failed ? .failed : .notLatched }
        guard session == self.session, session != firedUnder, let deadline, deadline > now else {
            return decision.rejection = .noNewerSession
        }
        state = .armed
        firedUnder = nil
        decision.effects.formUnion([.kill, .thaw, .tell])
    }

    /// While it fires: looks again, and gives the machine up when K has passed.
    private mutating func pursue(_ decision: inout SentinelDecision, now: MonotonicTime) {
        guard var kill, state == .firing || state == .failed else { return }
        if state == .firing, now >= kill.deadline {
            state = .failed
            decision.effects.formUnion([.reboot, .tell])
        }
        let due = kill.tick(now: now)
        decision.effects.formUnion(due)
        if state == .failed, !due.isEmpty { decision.effects.insert(.reboot) }
        self.kill = kill
    }

    private mutating func feedWatchdog(_ decision: inout SentinelDecision, now: MonotonicTime) {
        guard feedsWatchdog, let period = timing.watchdogMilliseconds, now >= nextFeed else { return }
        nextFeed = now + max(1, period / 3)
        decision.effects.insert(.feedWatchdog)
    }
}
