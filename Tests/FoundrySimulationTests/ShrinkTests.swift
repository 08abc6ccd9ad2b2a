import Testing

@testable import FoundrySimulation

struct ShrinkTests {
    @Test("a failure that needs two faults is shrunk to these two", arguments: [3, 10, 47, 200])
    func pairs(count: Int) {
        let needed = [1, count - 1]
        var runs = 0
        let kept = Shrinker.shrink(Array(0..<count), tries: 1_000) { choice in
            runs += 1
            return needed.allSatisfy { choice.contains($0) }
        }
        #expect(kept == needed)
        #expect(runs < 200)
    }

    @Test("a failure that needs no fault is shrunk to none, by one run")
    func none() {
        var runs = 0
        let kept = Shrinker.shrink(Array(0..<100)) { _ in
            runs += 1
            return true
        }
        #expect(kept.isEmpty)
        #expect(runs == 1)
    }

    @Test("no single fault of what is left can be left out")
    func minimal() {
        // Fails with an even number of at least four from the upper half: no nice structure.
        let fails: ([Int]) -> Bool = { choice in choice.filter { $0 >= 20 }.count >= 4 }
        let kept = Shrinker.shrink(Array(0..<40), fails: fails)
        #expect(fails(kept))
        for place in kept { #expect(!fails(kept.filter { $0 != place })) }
    }

    @Test("it stops after so many tries, with what failed last")
    func bounded() {
        var runs = 0
        let kept = Shrinker.shrink(Array(0..<64), tries: 5) { choice in
            runs += 1
            return choice.contains(1) && choice.contains(62)
        }
        #expect(runs == 5)
        #expect(kept.contains(1) && kept.contains(62))
    }

    @Test("a request is shrunk to the faults and the apps that the same invariant needs")
    func request() throws {
        let request = RunRequest(seed: 7, profile: .rough)
        let faults = request.schedule().faults
        try #require(faults.count > 10)
        let shrunk = Shrinker.shrink(request) { candidate in
            let kept = candidate.kept ?? Array(faults.indices)
            guard kept.contains(3), kept.contains(8), candidate.size.apps >= 3 else { return nil }
            return .oneWriter
        }
        #expect(shrunk.kept == [3, 8])
        #expect(shrunk.size.apps == 4)
        // Of fewer apps another one is the victim; what happens, and when, stays.
        let left = shrunk.schedule().faults
        #expect(left.map(\.kind) == [faults[3].kind, faults[8].kind])
        #expect(left.map(\.time) == [faults[3].time, faults[8].time])
    }

    @Test("another invariant's failure is no failure of this one")
    func sameInvariant() {
        let request = RunRequest(seed: 7, profile: .rough)
        let shrunk = Shrinker.shrink(request) { candidate in
            (candidate.kept?.contains(2) ?? true) ? .oneWriter : .converges
        }
        #expect(shrunk.kept == [2])
    }
}
