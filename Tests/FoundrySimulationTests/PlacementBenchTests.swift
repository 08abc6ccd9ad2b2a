import FoundrySimulation
import FoundryTestSupport
import Testing

@Suite("The measurement of placement")
struct PlacementBenchTests {
    /// A clock on which every look takes a microsecond.
    private final class Clock {
        var now: UInt64 = 0
        func read() -> UInt64 {
            now += 1_000
            return now
        }
    }

    @Test("It fills nine tenths within every cell's capacity, and finds a place for all that a lost cell had")
    func small() {
        var bench = PlacementBench(using: Seeded(1), clock: Clock().read)
        let fill = bench.fill(cells: 20)
        #expect((89...90).contains(fill.filledPercent) && fill.refusals == 0)
        #expect(fill.placements == bench.fleet.memberCount && fill.placementsPerSecond > 0)
        #expect(bench.isWithinCapacity)
        let loss = bench.lose()
        #expect(loss.members > 40 && loss.placed == loss.members && loss.nanoseconds == 1_000)
    }

    @Test("Before anything is filled, nothing can be lost")
    func empty() {
        var bench = PlacementBench(using: Seeded(1), clock: Clock().read)
        #expect(bench.lose().members == 0)
    }
}
