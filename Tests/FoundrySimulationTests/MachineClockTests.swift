import FoundryModel
import FoundryTestSupport
import Testing

@testable import FoundrySimulation

struct MachineClockTests {
    private func time(_ seconds: Int64) -> SimulationTime { SimulationTime(microseconds: seconds * 1_000_000) }

    @Test func aClockThatIsOffByTwoPercentShowsThat() {
        let fast = MachineClock(partsPerMillion: 20_000, uptime: .zero)
        let slow = MachineClock(partsPerMillion: -20_000, uptime: .zero)
        #expect(fast.monotonic(at: time(100)).milliseconds == 102_000)
        #expect(slow.monotonic(at: time(100)).milliseconds == 98_000)
    }

    @Test(arguments: 0..<30) func aTimersTrueTimeIsTheFirstMomentAtWhichTheClockShowsIt(seed: UInt64) {
        var random = Seeded(seed)
        var clock = MachineClock(
            partsPerMillion: Int64.random(in: -20_000...20_000, using: &random), uptime: .milliseconds(123))
        var now = SimulationTime.zero
        for _ in 0..<200 {
            now = now + .microseconds(Int64.random(in: 1...5_000_000, using: &random))
            let target = clock.monotonic(at: now) + Int64.random(in: 1...20_000, using: &random)
            guard let due = clock.trueTime(of: target) else {
                Issue.record("a clock that runs reaches every time")
                return
            }
            #expect(clock.monotonic(at: due) >= target)
            #expect(clock.monotonic(at: due - .microseconds(1)) < target)
            if Int.random(in: 0..<4, using: &random) == 0 {
                clock.setRate(partsPerMillion: Int64.random(in: -20_000...20_000, using: &random), at: now)
            }
        }
    }

    @Test(arguments: 0..<20) func noClockOfABootGoesBackWhateverHappens(seed: UInt64) {
        var random = Seeded(seed)
        var clock = MachineClock(partsPerMillion: 0)
        var now = SimulationTime.zero
        var last = clock.monotonic(at: now)
        var lastAwake = clock.monotonicAwake(at: now)
        for _ in 0..<500 {
            now = now + .microseconds(Int64.random(in: 0...3_000_000, using: &random))
            switch Int.random(in: 0..<5, using: &random) {
            case 0: clock.pause(PauseKind.allCases.randomElement(using: &random) ?? .frozen, at: now)
            case 1: clock.resume(at: now)
            case 2: clock.setRate(partsPerMillion: Int64.random(in: -20_000...20_000, using: &random), at: now)
            case 3: clock.jumpWall(by: .seconds(Int64.random(in: -500...500, using: &random)))
            default: break
            }
            #expect(clock.monotonic(at: now) >= last)
            #expect(clock.monotonicAwake(at: now) >= lastAwake)
            last = clock.monotonic(at: now)
            lastAwake = clock.monotonicAwake(at: now)
        }
    }

    @Test(arguments: [
        (PauseKind.stalled, Int64(10_000), Int64(10_000)), (.suspended, 10_000, 0), (.frozen, 0, 0),
    ])
    func aPauseIsCountedByTheClocksThatItLeavesRunning(kind: PauseKind, boot: Int64, awake: Int64) {
        var clock = MachineClock(uptime: .zero)
        clock.pause(kind, at: time(10))
        #expect((clock.trueTime(of: clock.monotonic(at: time(10)) + 1) == nil) == (boot == 0))
        clock.resume(at: time(20))
        #expect(clock.monotonic(at: time(20)).milliseconds == 10_000 + boot)
        #expect(clock.monotonicAwake(at: time(20)).milliseconds == 10_000 + awake)
        #expect(clock.wall(at: time(20)) - MachineClock().wall(at: .zero) == 10_000 + boot)
    }

    @Test func timersOfTheAwakeClockMoveByTheTimeThatWasSlept() {
        var clock = MachineClock(uptime: .zero)
        let target = MonotonicTime(milliseconds: 30_000)
        clock.pause(.suspended, at: time(10))
        #expect(clock.trueTime(ofAwake: target) == nil)
        clock.resume(at: time(25))
        #expect(clock.trueTime(ofAwake: target) == time(45))
        #expect(clock.trueTime(of: target) == time(30))
    }

    @Test func theWallClockJumpsAndTheOthersDoNot() {
        var clock = MachineClock(uptime: .zero)
        let before = clock.moment(at: time(5))
        clock.jumpWall(by: .seconds(-3_600))
        let after = clock.moment(at: time(5))
        #expect(after.wall - before.wall == -3_600_000)
        #expect(after.monotonic == before.monotonic)
    }

    @Test func aBootBeginsAtZeroUnderANewNameAndKeepsTheWallClock() {
        var clock = MachineClock(uptime: .seconds(500))
        let wall = clock.wall(at: time(10))
        let name = clock.bootID(machine: 3)
        clock.boot(at: time(10))
        #expect(clock.monotonic(at: time(10)).milliseconds == 0)
        #expect(clock.monotonicAwake(at: time(10)).milliseconds == 0)
        #expect(clock.wall(at: time(10)) == wall)
        #expect(clock.bootID(machine: 3) != name)
    }

    @Test func everyChangeOfTheClockIsCountedSoThatTimersAreMadeAnew() {
        var clock = MachineClock()
        clock.pause(.frozen, at: time(1))
        clock.resume(at: time(2))
        clock.setRate(partsPerMillion: 5, at: time(3))
        clock.boot(at: time(4))
        #expect(clock.changes >= 4)
    }
}
