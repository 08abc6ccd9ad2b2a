import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("A cell's session")
struct CellSessionTests {
    @Test("It asks at once, renews every R from when it sent, and feeds the guards with that moment")
    func renews() {
        var bench = CellSessionBench(.normal)
        let first = bench.sent(bench.tick(0))
        #expect(first?.request.session == nil && first?.request.guards == GuardReport.none)
        #expect(
            bench.answer(300, .granted(CellSessionBench.one, sequence: 1)) == [
                .feed(CellSessionBench.one, sentAt: bench.time(0)), .changed(CellSessionBench.one),
            ])
        #expect(bench.machine.held == .held(CellSessionBench.one, sentAt: bench.time(0)))
        #expect(bench.machine.nextWake == bench.time(1_000) && bench.tick(999).isEmpty)
        let second = bench.sent(bench.tick(1_000))
        #expect(second?.request.session == CellSessionBench.one && second?.request.sequence == 1)
        #expect(second?.request.guards == CellSessionBench.guards)
        #expect(
            bench.answer(1_900, .granted(CellSessionBench.one, sequence: 2)) == [
                .feed(CellSessionBench.one, sentAt: bench.time(1_000))
            ])
    }

    @Test("A request that is not answered in time is given up, and its late answer is refused")
    func late() {
        var bench = CellSessionBench.holding(.normal)
        _ = bench.tick(1_000)
        let lost = bench.machine.nextWake
        #expect(lost == bench.time(2_000))
        let again = bench.sent(bench.tick(2_000))
        #expect(again?.number == 3)
        let decision = bench.decide(.answered(number: 2, .granted(CellSessionBench.one, sequence: 2)), 2_100)
        #expect(decision.rejection == .notTheNewest(2) && decision.effects.isEmpty)
        #expect(bench.machine.held == .held(CellSessionBench.one, sentAt: bench.time(0)))
        // It shows that the way is slow: the next answer may take longer.
        #expect(bench.machine.nextWake == bench.time(2_000 + 1_100 * 5 / 4))
        // What was lost was committed all the same: the server says where it is.
        let third = bench.sent(bench.answer(2_200, .refused(.sequenceIs(2))))
        #expect(third?.request.sequence == 2 && third?.number == 4)
        #expect(
            bench.answer(2_300, .granted(CellSessionBench.one, sequence: 3)) == [
                .feed(CellSessionBench.one, sentAt: bench.time(2_200))
            ])
    }

    @Test("At age F it is over: nothing is held, the guards fire, and a new one is asked for")
    func fuse() {
        var bench = CellSessionBench.holding(.normal)
        for time in [1_000, 2_000, 3_000, 4_000] as [Int64] { #expect(bench.sent(bench.tick(time)) != nil) }
        #expect(bench.tick(4_999).isEmpty && bench.machine.nextWake == bench.time(5_000))
        let effects = bench.tick(5_000)
        #expect(effects.prefix(2) == [.changed(nil), .fireGuards])
        #expect(bench.sent(effects)?.request.session == nil && bench.machine.held == .none)
        // The answer to the last renewal, which came a moment too late, changes nothing.
        let late = bench.decide(.answered(number: 5, .granted(CellSessionBench.one, sequence: 2)), 5_001)
        #expect(late.rejection == .notTheNewest(5) && bench.machine.held == .none)
        #expect(
            bench.answer(5_100, .granted(CellSessionBench.two, sequence: 1)) == [
                .feed(CellSessionBench.two, sentAt: bench.time(5_000)), .changed(CellSessionBench.two),
            ])
    }

    @Test("After a pause longer than F the answer that waits is too old, whatever it says")
    func paused() {
        var bench = CellSessionBench.holding(.normal)
        _ = bench.tick(1_000)
        let decision = bench.decide(.answered(number: 2, .granted(CellSessionBench.one, sequence: 2)), 60_000)
        #expect(decision.rejection == .notTheNewest(2))
        #expect(decision.effects.prefix(2) == [.changed(nil), .fireGuards])
        #expect(bench.machine.held == .none)
    }

    @Test("Each refusal has its own end")
    func refusals() {
        let cases: [(SessionRefusal, [CellSessionEffect], isAskedAtOnce: Bool)] = [
            (.expired(FenceID("f1")!), [.changed(nil), .fireGuards], true),
            (.heldByAnother, [.changed(nil), .fireGuards], false), (.unknown, [.changed(nil)], true),
            (.sequenceIs(9), [], true), (.sequenceIs(1), [], false), (.unavailable, [], false),
        ]
        for (refusal, effects, isAskedAtOnce) in cases {
            var bench = CellSessionBench.holding(.normal)
            _ = bench.tick(1_000)
            let all = bench.answer(1_100, .refused(refusal))
            #expect(all.filter { bench.sent([$0]) == nil } == effects, "\(refusal)")
            #expect((bench.sent(all) != nil) == isAskedAtOnce, "\(refusal)")
            if !isAskedAtOnce { #expect(bench.sent(bench.tick(2_000)) != nil, "\(refusal)") }
        }
    }

    @Test("A session that the server does not know is replaced while the guards still wait; not in time, they fire")
    func unknown() {
        var bench = CellSessionBench.holding(.normal)
        _ = bench.tick(1_000)
        _ = bench.answer(1_100, .refused(.unknown))
        #expect(bench.machine.held == .none)
        var other = bench
        #expect(bench.answer(1_200, .granted(CellSessionBench.two, sequence: 1)).last == .changed(CellSessionBench.two))
        #expect(other.tick(5_000).first == .fireGuards)
    }

    @Test(
        "It names what its disk remembers until an answer names more, and begins anew when its disk is of an earlier time"
    )
    func remembered() throws {
        var machine = CellSessionMachine(
            identity: CellSessionBench.identity, timing: .normal, remembered: 7, now: MonotonicTime(milliseconds: 0))
        func sent(_ event: CellSessionEvent, at time: Int64) -> [CellSessionEffect] {
            machine.handle(event, guards: .none, now: MonotonicTime(milliseconds: time)).effects
        }
        guard case .send(let first, 1)? = sent(.tick, at: 0).first else { throw CancellationError() }
        #expect(first.session == nil && first.sequence == 7)
        _ = sent(.answered(number: 1, .granted(SessionID("s1")!, sequence: 9)), at: 10)
        guard case .send(_, 2)? = sent(.tick, at: 1_000).first else { throw CancellationError() }
        let lost = sent(.answered(number: 2, .refused(.unknown)), at: 1_010)
        guard case .send(let next, 3)? = lost.last else { throw CancellationError() }
        #expect(next.session == nil && next.sequence == 9)
        #expect(sent(.answered(number: 3, .refused(.diskOlder)), at: 1_020) == [.fireGuards, .beginAnew])
    }

    @Test("However short its fuse is, it asks twice within it")
    func shortest() throws {
        let timing = SessionTiming(renew: 1, fuse: 2, kill: 1, watchdog: nil, expiry: 4)
        try timing.check()
        var machine = CellSessionMachine(
            identity: CellSessionBench.identity, timing: timing, remembered: 0, now: MonotonicTime(milliseconds: 0))
        let asked = (0..<timing.fuseMilliseconds).map { time in
            machine.handle(.tick, guards: .none, now: MonotonicTime(milliseconds: time)).effects.count
        }
        #expect(asked == [1, 1])
    }

    @Test("Guards that acted by themselves end the session under which they did")
    func guardsFired() {
        var bench = CellSessionBench.holding(.normal)
        let effects = bench.decide(.guardsFired, 500).effects
        #expect(effects.first == .changed(nil) && !effects.contains(.fireGuards))
        #expect(bench.sent(effects)?.request.session == nil)
        #expect(bench.decide(.guardsFired, 600).effects.filter { bench.sent([$0]) == nil }.isEmpty)
    }

    @Test(
        "A request that could not be sent is tried again soon; an answer to nothing, or of another session, is refused")
    func failures() {
        var bench = CellSessionBench.holding(.normal)
        _ = bench.tick(1_000)
        #expect(bench.decide(.failed(number: 2), 1_010).effects.isEmpty)
        #expect(bench.machine.nextWake == bench.time(1_260))
        #expect(bench.decide(.failed(number: 2), 1_020).rejection == .notTheNewest(2))
        _ = bench.tick(1_260)
        let other = bench.decide(.answered(number: 3, .granted(CellSessionBench.two, sequence: 1)), 1_300)
        #expect(other.rejection == .anotherSession(CellSessionBench.two))
        #expect(bench.machine.held == .held(CellSessionBench.one, sentAt: bench.time(0)))
        // An opening that was refused waits for its turn, whatever the refusal.
        var asking = CellSessionBench(.normal)
        _ = asking.tick(0)
        for refusal in [
            SessionRefusal.heldByAnother, .unknown, .expired(FenceID("f1")!), .sequenceIs(3), .unavailable,
        ] {
            let asked = asking.now
            #expect(asking.answer(asked + 10, .refused(refusal)).isEmpty, "\(refusal)")
            #expect(asking.sent(asking.tick(asked + 1_000)) != nil, "\(refusal)")
        }
    }

    @Test(
        "Over a network that loses, delays and repeats, no session is believed past F, and few lost ones cost none",
        arguments: 0..<40)
    func network(seed: Int) {
        var random = Seeded(UInt64(9_000 + seed))
        var world = CellSessionWorld(timing: seed % 2 == 0 ? .normal : .fast, loss: seed < 20 ? 3 : 60)
        for _ in 0..<4_000 { world.step(using: &random) }
        #expect(world.violations.isEmpty, "seed \(seed): \(world.violations.first ?? "")")
        #expect(world.renewals > 50, "seed \(seed)")
        if world.loss == 3 { #expect(world.fired == 0, "seed \(seed)") }
    }
}
