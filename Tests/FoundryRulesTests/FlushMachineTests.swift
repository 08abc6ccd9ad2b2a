import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("When a volume whose syncs are deferred is flushed")
struct FlushMachineTests {
    private static func time(_ milliseconds: Int64) -> MonotonicTime { MonotonicTime(milliseconds: milliseconds) }

    private static func machine(_ milliseconds: Int64 = 100) -> FlushMachine {
        FlushMachine(milliseconds: milliseconds, now: time(0))
    }

    @Test("So long after the end of the last flush, not after its begin; one at a time")
    func rhythm() {
        var machine = Self.machine()
        #expect(machine.nextWake == Self.time(100) && machine.handle(.tick, now: Self.time(99)) == [])
        #expect(machine.handle(.tick, now: Self.time(100)) == [.flush])
        #expect(machine.handle(.tick, now: Self.time(400)) == [])
        #expect(machine.handle(.flushed, now: Self.time(450)) == [])
        #expect(machine.nextWake == Self.time(550) && machine.handle(.tick, now: Self.time(549)) == [])
        #expect(machine.handle(.tick, now: Self.time(550)) == [.flush])
    }

    @Test("What a power cut would take is counted from the begin of the last flush that ended")
    func exposure() {
        var machine = Self.machine()
        #expect(machine.exposure(now: Self.time(70)) == 70)
        _ = machine.handle(.tick, now: Self.time(100))
        #expect(machine.exposure(now: Self.time(180)) == 180)
        _ = machine.handle(.flushed, now: Self.time(200))
        #expect(machine.exposure(now: Self.time(210)) == 110)
    }

    @Test(
        "Past twice the time and a second its member is held until it is flushed", .proves(.deferredHolds),
        arguments: [10, 100, 60_000] as [Int64])
    func holds(milliseconds: Int64) {
        var machine = Self.machine(milliseconds)
        let limit = FlushRule.longestExposure(milliseconds)
        #expect(limit == 2 * milliseconds + 1_000)
        #expect(machine.handle(.tick, now: Self.time(milliseconds)) == [.flush])
        #expect(machine.nextWake == Self.time(limit + 1) && machine.handle(.tick, now: Self.time(limit)) == [])
        #expect(machine.handle(.tick, now: Self.time(limit + 1)) == [.hold] && machine.isHeld)
        #expect(machine.nextWake == nil && machine.handle(.tick, now: Self.time(limit + 500)) == [])
        #expect(machine.handle(.flushed, now: Self.time(limit + 600)) == [.release] && !machine.isHeld)
        #expect(machine.exposure(now: Self.time(limit + 600)) == limit + 600 - milliseconds)
    }

    @Test("A flush that fails ends the member, once, and nothing is flushed after it", .proves(.deferredHolds))
    func fails() {
        var machine = Self.machine()
        _ = machine.handle(.tick, now: Self.time(100))
        #expect(machine.handle(.failed, now: Self.time(130)) == [.stop])
        #expect(
            machine.handle(.failed, now: Self.time(140)) == [] && machine.handle(.tick, now: Self.time(9_000)) == [])
        #expect(machine.nextWake == nil)
    }

    @Test("A flush that took long is followed by a hold before the next one is due")
    func heldAgain() {
        var machine = Self.machine(1_000)
        _ = machine.handle(.tick, now: Self.time(1_000))
        _ = machine.handle(.tick, now: Self.time(3_001))
        #expect(machine.handle(.flushed, now: Self.time(3_900)) == [.release])
        // What was written while it was under way waits since 1000: past 3000 of that it is held again.
        #expect(machine.nextWake == Self.time(4_001) && machine.handle(.tick, now: Self.time(4_001)) == [.hold])
        #expect(machine.nextWake == Self.time(4_900) && machine.handle(.tick, now: Self.time(4_900)) == [.flush])
        #expect(machine.handle(.flushed, now: Self.time(4_910)) == [.release])
    }

    @Test("An end that nobody waits for changes nothing")
    func stray() {
        var machine = Self.machine()
        #expect(machine.handle(.flushed, now: Self.time(50)) == [] && machine.nextWake == Self.time(100))
        #expect(machine.exposure(now: Self.time(60)) == 60)
    }
}
