import Testing

@testable import FoundrySimulation

struct RegressionSeedTests {
    @Test("a seed's file is read as it was written")
    func roundTrip() throws {
        var request = RunRequest(seed: 4711, profile: .network)
        for kept in [nil, [], [3, 17]] as [[Int]?] {
            request.kept = kept
            request.size.apps = kept == nil ? 20 : 4
            let seed = RegressionSeed(reason: "An expiry compared an old sequence.", request: request)
            #expect(try RegressionSeed(parsing: seed.text) == seed)
        }
    }

    @Test("a file that does not say what was wrong, or lacks something, is refused")
    func refused() {
        #expect(throws: RegressionSeed.ParseError.noReason) { try RegressionSeed(parsing: "seed 1\n") }
        #expect(throws: RegressionSeed.ParseError.missing("seed")) {
            try RegressionSeed(parsing: "# x\nprofile calm\nminutes 10\n")
        }
        #expect(throws: RegressionSeed.ParseError.missing("profile")) {
            try RegressionSeed(parsing: "# x\nprofile none\nseed 1\nminutes 10\n")
        }
        #expect(throws: RegressionSeed.ParseError.unreadable(line: "colour red")) {
            try RegressionSeed(parsing: "# x\ncolour red\n")
        }
    }
}
