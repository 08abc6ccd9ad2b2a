import FoundrySimulation
import Glibc

/// Measurements, told as lines of `name value` for `script/bench`.
enum BenchCommand {
    /// 24 apps of every kind make 42 volumes.
    private static let size = WorldSize(apps: 24)

    /// A simulated event with all checks on, on one core: 3 servers, 8 cells, some 40 volumes, the normal profile.
    static func run(_ words: [String]) throws(Arguments.Failure) -> Int32 {
        let arguments = try Arguments(words, options: ["seconds", "first", "profile"])
        let limit = try arguments.number("seconds", UInt64(20)) * 1_000_000_000
        var campaign = Campaign(
            first: try arguments.number("first", 1), profiles: [try arguments.choice("profile", .normal)], size: size)
        var (events, microseconds, broken) = (0, Int64(0), 0)
        let start = Clock.nanoseconds
        while Clock.nanoseconds - start < limit {
            let outcome = SimulationRun.run(campaign.next())
            events += outcome.events
            microseconds += outcome.violation?.microseconds ?? Int64(outcome.request.minutes) * 60_000_000
            if outcome.violation != nil { broken += 1 }
        }
        let took = Clock.nanoseconds - start
        say("simulation.seeds \(campaign.position)")
        say("simulation.broken \(broken)")
        say("simulation.events \(events)")
        say("simulation.each \(took / UInt64(max(1, events)))")
        say("simulation.simulated-seconds \(microseconds / 1_000_000)")
        say("simulation.nanoseconds \(took)")
        return 0
    }

    /// Placements while a fleet fills, and the plan for a cell that is lost then; at 500 cells and at 5,000.
    static func runPlacement(_ words: [String]) throws(Arguments.Failure) -> Int32 {
        let arguments = try Arguments(words, options: ["seed"])
        var bench = PlacementBench(using: Draws(try arguments.number("seed", 1)), clock: { Clock.nanoseconds })
        for line in bench.lines(memory: { residentBytes }) { say(line) }
        return 0
    }

    private static var residentBytes: UInt64 {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = fread(&bytes, 1, bytes.count, file)
        let words = String(decoding: bytes[..<count], as: UTF8.self).split(separator: " ")
        guard words.count > 1, let pages = UInt64(words[1]) else { return 0 }
        return pages * UInt64(sysconf(Int32(_SC_PAGESIZE)))
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
