import Testing

@testable import FoundrySimulation

struct SimulationRandomTests {
    @Test func theSameSeedAndNameDrawTheSameAndOthersDoNot() {
        var first = SimulationRandom(seed: 7).stream("network.loss")
        var second = SimulationRandom(seed: 7).stream("network.loss")
        let draws = (0..<100).map { _ in first.next() }
        #expect(draws == (0..<100).map { _ in second.next() })
        for other in [
            SimulationRandom(seed: 8).stream("network.loss"), SimulationRandom(seed: 7).stream("network.delay"),
            SimulationRandom(seed: 7).stream("network.loss", 1), SimulationRandom(seed: 7),
        ] {
            var other = other
            #expect(draws != (0..<100).map { _ in other.next() })
        }
    }

    @Test func drawsOfAStreamDoNotChangeTheStreamsThatComeFromIt() {
        var root = SimulationRandom(seed: 3)
        var before = root.stream("disk", 4)
        for _ in 0..<50 { _ = root.next() }
        var after = root.stream("disk", 4)
        #expect(before.next() == after.next())
    }

    @Test func aRateHappensAsOftenAsItSaysAndItsEndsAlwaysAndNever() {
        var random = SimulationRandom(seed: 1)
        let hits = (0..<100_000).count { _ in random.happens(0.03) }
        #expect((2_800...3_200).contains(hits))
        let always = (0..<1_000).allSatisfy { _ in random.happens(.always) }
        #expect(always)
        let before = random
        var never = before
        let anything = (0..<1_000).contains { _ in never.happens(.never) }
        #expect(!anything)
        var untouched = before
        #expect(never.next() == untouched.next())
    }

    @Test func rangesAreCoveredFromEndToEnd() {
        var random = SimulationRandom(seed: 2)
        var seen = Set<Int64>()
        for _ in 0..<1_000 { seen.insert(random.integer(in: -3...3)) }
        #expect(seen == Set(-3...3))
        var picks = Set<Int>()
        for _ in 0..<1_000 { picks.insert(random.index(below: 5)) }
        #expect(picks == Set(0..<5))
    }

    @Test func waitsHaveTheirMeanAndTailsTheirBounds() {
        var random = SimulationRandom(seed: 4)
        let waits = (0..<50_000).map { _ in random.wait(mean: .milliseconds(10)).microseconds }
        let mean = waits.reduce(0, +) / Int64(waits.count)
        #expect((9_800...10_200).contains(mean))
        // Of an exponential law: as many are above ln 2 of the mean as below it.
        #expect((24_000...26_000).contains(waits.count { $0 < 6_931 }))
        let tails = (0..<50_000).map { _ in
            random.heavyTail(least: .microseconds(100), most: .milliseconds(5)).microseconds
        }
        #expect(tails.allSatisfy { (100...5_000).contains($0) })
        #expect((300...700).contains(tails.count { $0 >= 1_000 }))
    }

    @Test func aSlabsOldHandleFindsNothingWhereAnotherValueLies() {
        var slab = Slab<String>()
        let first = slab.insert("first")
        #expect(slab.remove(first) == "first")
        let second = slab.insert("second")
        #expect(slab[first] == nil)
        slab[first] = "ghost"
        #expect(slab.remove(first) == nil)
        #expect(slab[second] == "second")
        slab[second]? += " of two"
        #expect(slab[second] == "second of two")
        slab[second] = nil
        #expect(slab.count == 0)
        #expect(slab[second] == nil)
        #expect(slab[.none] == nil)
        let third = slab.insert("third")
        slab.removeAll()
        #expect(slab[third] == nil)
    }

    @Test func everyFaultHasACounterOfItsOwn() {
        let counters = FaultCounters()
        for kind in FaultKind.allCases { counters.count(kind) }
        #expect(FaultKind.allCases.allSatisfy { counters[$0] == 1 })
        #expect(counters.missing(least: 1).isEmpty)
        counters.count(.powerLoss)
        #expect(counters.missing(least: 2).count == FaultKind.allCases.count - 1)
        let sum = FaultCounters()
        sum.add(counters)
        sum.add(counters)
        #expect(sum[.powerLoss] == 4)
    }

    @Test func timesReadAsSeconds() {
        #expect(SimulationTime(microseconds: 12_345_678).description == "12.345678 s")
        #expect(SimulationDuration(microseconds: -50).description == "-0.000050 s")
        #expect(SimulationTime.zero + .minutes(2) == SimulationTime(microseconds: 120_000_000))
    }
}
