import FoundrySimulation

enum BenchCommand {
    /// Events a second on one core, all checks on: 3 servers, 8 cells, 40 volumes, normal profile.
    static func run(_ words: [String]) throws(Arguments.Failure) -> Int32 {
        let arguments = try Arguments(words, options: ["seconds", "first", "profile"])
        let seconds: Double = Double(try arguments.number("seconds", 20))
        var campaign = Campaign(
            first: try arguments.number("first", 1), profiles: [try arguments.choice("profile", .normal)])
        var events = 0
        var minutes = 0
        var broken = 0
        let start = Clock.seconds
        while Clock.seconds - start < seconds {
            let request = campaign.next()
            let outcome = SimulationRun.run(request)
            events += outcome.events
            minutes += request.minutes
            if outcome.violation != nil { broken += 1 }
        }
        let took = Clock.seconds - start
        say(
            "simulation: \(Int(Double(events) / took)) events/s on one core, \(FreshCommand.tenths(Double(minutes) / 60 / took)) hours of a cluster a second (\(campaign.position) seeds, \(broken) broken)"
        )
        return 0
    }

    /// Placements a second while a fleet fills, and the plan for a cell that is lost then.
    static func runPlacement(_ words: [String]) throws(Arguments.Failure) -> Int32 {
        let arguments = try Arguments(words, options: ["cells", "seed"])
        let cells = try arguments.number("cells", 5_000)
        var bench = PlacementBench(using: Draws(try arguments.number("seed", 1)), clock: { Clock.nanoseconds })
        let fill = bench.fill(cells: cells)
        let loss = bench.lose()
        say(
            "placement: \(fill.placementsPerSecond) placements/s with \(cells) cells from 0 to \(fill.filledPercent)% (slowest thousand in \(fill.slowestThousand / 1_000) µs, \(fill.placements) members, \(fill.refusals) refused)"
        )
        say(
            "placement: plan for a lost cell of \(loss.members) members in \(loss.nanoseconds / 1_000) µs, \(loss.placed) placed"
        )
        return bench.isWithinCapacity ? 0 : 1
    }

    /// - Source: SplitMix64, Steele, Lea and Flood, 2014.
    private struct Draws: RandomNumberGenerator {
        private var state: UInt64

        init(_ seed: UInt64) { state = seed }

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var z = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
            return z ^ (z >> 31)
        }
    }
}
