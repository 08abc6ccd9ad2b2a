import FoundryRules
import FoundrySimulation

/// Every planted bug must be found; one that is not is a defect of the simulation.
enum BugsCommand {
    static func run(_ words: [String]) throws(Arguments.Failure) -> Int32 {
        #if FOUNDRY_PLANTED
        let arguments = try Arguments(words, options: ["sample", "seconds", "jobs", "bug", "first", "minutes"])
        let seconds: Double = Double(try arguments.number("seconds", 60))
        let jobs = try arguments.number("jobs", 2)
        let minutes = try arguments.number("minutes", 6)
        let first: UInt64 = try arguments.number("first", 1)
        var bugs = PlantedBug.allCases
        if let name = arguments.text("bug") {
            guard let bug = PlantedBug(rawValue: name) else {
                throw Arguments.Failure(message: "there is no planted bug `\(name)`")
            }
            bugs = [bug]
        }
        let sample = try arguments.number("sample", bugs.count)
        if sample < bugs.count { bugs = choose(sample, of: bugs, first) }
        say("foundry-sim bugs --first \(first): \(bugs.count) bugs, at most \(Int(seconds)) s each")
        let missed = bugs.filter { !hunt($0, seconds, jobs, first, minutes) }
        guard missed.isEmpty else {
            say("\nNOT FOUND: " + missed.map(\.rawValue).joined(separator: ", "))
            return 1
        }
        say("\nall \(bugs.count) were found")
        return 0
        #else
        throw Arguments.Failure(message: "this build has no planted bugs: build with -D FOUNDRY_PLANTED")
        #endif
    }

    #if FOUNDRY_PLANTED
    private struct Hunt {
        var campaign: Campaign
        var seeds = 0
        var found: Violation?
        var request: RunRequest?
    }

    private static func hunt(
        _ bug: PlantedBug, _ seconds: Double, _ jobs: Int, _ first: UInt64, _ minutes: Int
    ) -> Bool {
        let campaign = Campaign(
            first: first, templates: templates(for: bug, minutes), remembered: BugPlan.remembered(for: bug))
        let state = Shared(Hunt(campaign: campaign))
        let start = Clock.seconds
        Planted.active = bug
        search(state, until: start + seconds, jobs)
        Planted.active = nil
        let own = state.with { $0.request }.flatMap { SimulationRun.run($0).violation }
        let took = FreshCommand.tenths(Clock.seconds - start)
        return state.with { hunt in
            let name = bug.rawValue + String(repeating: " ", count: max(0, 30 - bug.rawValue.count))
            guard let violation = hunt.found, let request = hunt.request else {
                say("\(name)  NOT FOUND by \(hunt.seeds) seeds in \(took) s")
                return false
            }
            // A failure of the rules themselves, which shows nothing of the bug.
            if let own {
                say(
                    "\(name)  NOT FOUND by \(hunt.seeds) seeds in \(took) s: what broke, breaks without it: "
                        + "\(own.invariant.rawValue) (\(request))")
                return false
            }
            say("\(name)  \(hunt.seeds) seeds, \(took) s: \(violation.invariant.rawValue) (\(request))")
            return true
        }
    }

    /// Runs seeds until one breaks.
    private static func search(_ state: Shared<Hunt>, until end: Double, _ jobs: Int) {
        Threads.run(jobs) { _ in
            while Clock.seconds < end {
                let request = state.with { $0.found == nil ? $0.campaign.next() : nil }
                guard let request else { return }
                let violation = SimulationRun.run(request).violation
                state.with {
                    $0.seeds += 1
                    guard $0.found == nil, let violation else { return }
                    $0.found = violation
                    $0.request = request
                }
            }
        }
    }

    private static func templates(for bug: PlantedBug, _ minutes: Int) -> [RunRequest] {
        BugPlan.templates(for: bug).map { template in
            var request = template
            request.minutes = minutes
            return request
        }
    }

    /// So many, other ones for another first seed.
    private static func choose(_ count: Int, of bugs: [PlantedBug], _ first: UInt64) -> [PlantedBug] {
        let start = Int(first % UInt64(bugs.count))
        let stride = max(1, bugs.count / max(1, count))
        return (0..<count).map { bugs[(start + $0 * stride) % bugs.count] }
    }
    #endif
}
