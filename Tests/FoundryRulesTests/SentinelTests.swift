import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("The sentinel, and who watches it")
struct SentinelTests {
    private static let one = SessionID("s1")!
    private static let two = SessionID("s2")!

    private static func time(_ milliseconds: Int64) -> MonotonicTime { MonotonicTime(milliseconds: milliseconds) }

    @Test("A sentinel does what its story says", arguments: StoryFolder.names("sentinel-"))
    func stories(name: String) throws { try StoryFolder.expect(name, retold: SentinelStory.retold) }

    @Test("There are stories of firing, failing, and of its own death")
    func thereAreStories() { #expect(StoryFolder.names("sentinel-").count >= 4) }

    @Test("A timing that was checked leaves the guards room before the session expires")
    func room() throws {
        for timing in [SessionTiming.fast, .normal, .calm] {
            try timing.check()
            var sentinel = SentinelMachine(timing: timing, now: Self.time(0))
            _ = sentinel.handle(.fed(Self.one, sentAt: Self.time(0)), now: Self.time(1))
            var now = Int64(1)
            while sentinel.state != .failed, let wake = sentinel.nextWake {
                now = wake.milliseconds
                _ = sentinel.handle(.tick, now: wake)
            }
            // Nothing answered its checks: the machine goes down, and the watchdog, last fed before that, a period later.
            let last = now + (timing.watchdogMilliseconds ?? 0)
            #expect(now == timing.fuseMilliseconds + timing.killMilliseconds)
            #expect(last + timing.driftMilliseconds <= timing.expiryMilliseconds)
        }
    }

    /// Whatever comes in whatever order: once it fired, only a newer session, fed and alive, thaws; and it never stays armed past F.
    @Test("Whatever it is told, nothing thaws but by a newer living session", arguments: 0..<60)
    func latch(seed: Int) {
        var random = Seeded(UInt64(700 + seed))
        var sentinel = SentinelMachine(timing: .normal, isLatched: seed % 5 == 0, now: Self.time(0))
        var (now, firedUnder, fed): (Int64, SessionID?, [SessionID: Int64]) = (0, nil, [:])
        var thaws = 0
        for _ in 0..<600 {
            now += Int64.random(in: 0...900, using: &random)
            let sent = now - Int64.random(in: 0...6_000, using: &random)
            let session = SessionID("s\(now / 9_000)")!
            let event: SentinelEvent =
                switch Int.random(in: 0..<12, using: &random) {
                case 0...4: .fed(session, sentAt: Self.time(sent))
                case 5: .killed(remaining: Int.random(in: 0...1, using: &random))
                case 6: .frozen
                case 7: .unlatch(session)
                case 8: random.chance(20) ? .fire : .tick
                case 9: random.chance(20) ? .disarm : .cellGone
                default: .killed(remaining: 0)
                }
            let before = sentinel
            let decision = sentinel.handle(event, now: Self.time(now))
            if case .fed(let session, let at) = event, decision.rejection == nil {
                fed[session] = max(fed[session] ?? .min, at.milliseconds)
            }
            if before.state != .firing, decision.effects.contains(.freeze) { firedUnder = before.session }
            if decision.effects.contains(.thaw) {
                thaws += 1
                #expect(decision.effects.contains(.kill), "what is thawed must be killed before")
                #expect(sentinel.session != firedUnder, "seed \(seed): thawed under the session that it fired under")
                #expect(sentinel.session.flatMap { fed[$0] }.map { now - $0 < 5_000 } == true, "seed \(seed)")
            }
            if sentinel.state == .armed {
                let newest = sentinel.session.flatMap { fed[$0] } ?? .min
                #expect(now - newest < 5_000, "seed \(seed): armed past F")
            }
            if sentinel.state == .failed { break }
        }
        #expect(thaws > 0 || sentinel.state == .failed, "seed \(seed)")
    }

    @Test("What is claimed of guards is only what lives now, fed under the present session")
    func report() {
        let whole = GuardSight(
            sentinelLives: true, sentinel: .armed, fedUnder: Self.one, isWatched: true, feedsWatchdog: true,
            portsUnder: Self.one)
        func armed(_ change: (inout GuardSight) -> Void, session: SessionID? = Self.one) -> Set<GuardKind> {
            var sight = whole
            change(&sight)
            return GuardReportRule.report(sight, session: session, volumes: []).armed
        }
        #expect(armed { _ in } == Set(GuardKind.allCases))
        #expect(armed { $0.sentinelLives = false } == [.ports])
        #expect(armed { $0.sentinel = .latched } == [.ports])
        #expect(armed { $0.fedUnder = Self.two } == [.ports])
        #expect(armed { $0.isWatched = false } == [.ports, .sentinel, .watchdog])
        #expect(armed { $0.feedsWatchdog = false } == [.ports, .sentinel, .watcher])
        #expect(armed { $0.portsUnder = nil } == [.sentinel, .watcher, .watchdog])
        #expect(armed({ _ in }, session: Self.two).isEmpty && armed({ _ in }, session: nil).isEmpty)
        #expect(GuardReportRule.report(.none, session: Self.one, volumes: []).armed.isEmpty)
    }

    @Test("Without sessions or on a clock that sleeps nothing is decided here: the age counts suspended time")
    func clock() { #expect(SessionClock.reading(boot: 9_000, awake: 4_000) == Self.time(9_000)) }
}
