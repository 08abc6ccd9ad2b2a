import FoundryModel
import FoundryRules
import Testing

@Suite("The sentinel, to the millisecond")
struct SentinelLimitTests {
    private static let one = SessionID("s1")!
    private static let two = SessionID("s2")!

    private static func time(_ milliseconds: Int64) -> MonotonicTime { MonotonicTime(milliseconds: milliseconds) }

    /// Fed at 0; it fires at F.
    private static func armed(_ timing: SessionTiming) -> SentinelMachine {
        var sentinel = SentinelMachine(timing: timing, now: time(0))
        _ = sentinel.handle(.fed(one, sentAt: time(0)), now: time(0))
        return sentinel
    }

    @Test("A renewal that was sent F ago arms nothing")
    func stale() {
        for (now, isStale) in [(Int64(4_999), false), (5_000, true)] {
            var sentinel = SentinelMachine(timing: .normal, now: Self.time(now))
            let decision = sentinel.handle(.fed(Self.one, sentAt: Self.time(0)), now: Self.time(now))
            #expect(decision.rejection == (isStale ? .stale : nil))
            #expect(sentinel.state == (isStale ? .idle : .armed))
        }
    }

    @Test("A newer session lets go of what is held while it is younger than F")
    func unlatch() {
        for (now, isOver) in [(Int64(4_999), false), (5_000, true)] {
            var sentinel = SentinelMachine(timing: .normal, isLatched: true, now: Self.time(0))
            _ = sentinel.handle(.fed(Self.two, sentAt: Self.time(0)), now: Self.time(1))
            let decision = sentinel.handle(.unlatch(Self.two), now: Self.time(now))
            #expect(decision.rejection == (isOver ? .noNewerSession : nil))
            #expect(decision.effects.contains(.thaw) == !isOver)
        }
    }

    @Test("While it fires it looks again eight times within K, and not later than the end of K")
    func looks() {
        var sentinel = Self.armed(.fast)
        let fired = sentinel.handle(.tick, now: Self.time(3_000))
        #expect(fired.effects == [.freeze, .kill, .check, .tell])
        #expect(sentinel.nextWake == Self.time(3_062))
        #expect(sentinel.handle(.tick, now: Self.time(3_061)).effects.isEmpty)
        #expect(sentinel.handle(.tick, now: Self.time(3_062)).effects == [.kill, .check])
        #expect(sentinel.nextWake == Self.time(3_124))
        _ = sentinel.handle(.tick, now: Self.time(3_490))
        #expect(sentinel.nextWake == Self.time(3_500), "the end of K comes before the next look")
        #expect(sentinel.handle(.tick, now: Self.time(3_499)).effects.isEmpty)
        #expect(sentinel.handle(.tick, now: Self.time(3_500)).effects == [.reboot, .tell])
    }

    @Test("A K of a few milliseconds is looked at each millisecond")
    func shortest() {
        let timing = SessionTiming(renew: 500, fuse: 3_000, kill: 8, watchdog: nil, expiry: 4_000)
        var sentinel = Self.armed(timing)
        _ = sentinel.handle(.tick, now: Self.time(3_000))
        #expect(sentinel.nextWake == Self.time(3_001))
        #expect(sentinel.handle(.tick, now: Self.time(3_001)).effects == [.kill, .check])
        #expect(sentinel.nextWake == Self.time(3_002))
    }

    @Test("One that could not stop them feeds the hardware watchdog no more, and goes on rebooting")
    func failed() {
        var sentinel = Self.armed(.normal)
        _ = sentinel.handle(.tick, now: Self.time(5_000))
        #expect(sentinel.feedsWatchdog)
        #expect(sentinel.handle(.tick, now: Self.time(5_500)).effects.isSuperset(of: [.reboot, .tell]))
        #expect(sentinel.state == .failed && !sentinel.feedsWatchdog)
        let later = sentinel.handle(.tick, now: Self.time(7_000)).effects
        #expect(later.contains(.reboot) && !later.contains(.feedWatchdog))
        #expect(sentinel.nextWake == Self.time(7_062))
    }

    @Test("Until the process that feeds it dies it is not alone, and no longer once another feeds it in time")
    func alone() {
        var sentinel = Self.armed(.normal)
        #expect(!sentinel.isAlone)
        _ = sentinel.handle(.cellGone, now: Self.time(100))
        #expect(sentinel.isAlone && sentinel.state == .armed)
        _ = sentinel.handle(.fed(Self.one, sentAt: Self.time(-5_000)), now: Self.time(200))
        #expect(sentinel.isAlone, "that is old news")
        _ = sentinel.handle(.fed(Self.one, sentAt: Self.time(150)), now: Self.time(200))
        #expect(!sentinel.isAlone)
    }

    @Test("Where nothing guards nothing is claimed to")
    func none() {
        let none = GuardSight.none
        #expect(!none.sentinelLives && none.sentinel == .idle && none.fedUnder == nil)
        #expect(!none.isWatched && !none.feedsWatchdog && none.portsUnder == nil)
    }
}
