import FoundryModel
import FoundryRules
import Testing

@Suite("Who watches the sentinel")
struct GuardWatcherTests {
    private static func time(_ milliseconds: Int64) -> MonotonicTime { MonotonicTime(milliseconds: milliseconds) }

    /// K is 500: checks every 62.
    private static func firing() -> GuardWatcher {
        var watcher = GuardWatcher(timing: .normal)
        _ = watcher.handle(.sentinelLives, now: time(0))
        _ = watcher.handle(.sentinelDied, now: time(1_000))
        return watcher
    }

    @Test("When the sentinel dies it freezes, kills and looks at once, and again until all are stopped")
    func fires() {
        var watcher = GuardWatcher(timing: .normal)
        #expect(watcher.nextWake == nil)
        #expect(watcher.handle(.sentinelLives, now: Self.time(0)).effects == [])
        #expect(watcher.state == .watching && watcher.nextWake == nil)
        let decision = watcher.handle(.sentinelDied, now: Self.time(1_000))
        #expect(decision.effects == [.freeze, .kill, .check, .tell])
        #expect(watcher.nextWake == Self.time(1_062))
        #expect(watcher.handle(.tick, now: Self.time(1_061)).effects == [])
        #expect(watcher.handle(.tick, now: Self.time(1_062)).effects == [.kill, .check])
        #expect(watcher.nextWake == Self.time(1_124))
        #expect(watcher.handle(.killed(remaining: 1), now: Self.time(1_070)).effects == [] && watcher.state == .firing)
        #expect(watcher.handle(.killed(remaining: 0), now: Self.time(1_080)).effects == [.tell])
        #expect(watcher.state == .fired && watcher.nextWake == nil)
    }

    @Test("Nobody waits for the freezing: word of it changes nothing")
    func frozen() {
        var watcher = Self.firing()
        #expect(watcher.handle(.frozen, now: Self.time(1_010)).effects == [])
        #expect(watcher.handle(.tick, now: Self.time(1_062)).effects == [.kill, .check])
        var idle = GuardWatcher(timing: .normal)
        #expect(idle.handle(.frozen, now: Self.time(0)).effects == [])
    }

    @Test("What is not stopped within K takes the machine down, and is killed on meanwhile")
    func deadline() {
        var watcher = Self.firing()
        _ = watcher.handle(.tick, now: Self.time(1_490))
        #expect(watcher.nextWake == Self.time(1_500), "the deadline comes before the next look")
        #expect(watcher.handle(.tick, now: Self.time(1_499)).effects == [])
        let decision = watcher.handle(.tick, now: Self.time(1_500))
        #expect(decision.effects == [.reboot, .tell])
        #expect(watcher.state == .failed && watcher.nextWake == Self.time(1_552))
        #expect(watcher.handle(.tick, now: Self.time(1_552)).effects == [.kill, .check, .reboot])
        #expect(watcher.handle(.killed(remaining: 0), now: Self.time(1_560)).effects == [])
        #expect(watcher.state == .failed, "too late is too late")
    }

    @Test("A death that nobody watched, and a sentinel that comes while its members are stopped, are refused")
    func refusals() {
        var watcher = GuardWatcher(timing: .normal)
        let unwatched = watcher.handle(.sentinelDied, now: Self.time(0))
        #expect(unwatched.rejection == .notWatching && unwatched.effects == [])
        var firing = Self.firing()
        #expect(firing.handle(.sentinelLives, now: Self.time(1_010)).rejection == .firing)
        #expect(firing.handle(.sentinelDied, now: Self.time(1_010)).rejection == .notWatching)
        _ = firing.handle(.killed(remaining: 0), now: Self.time(1_020))
        #expect(firing.handle(.sentinelLives, now: Self.time(1_030)).rejection == nil)
        #expect(firing.state == .watching)
    }
}
