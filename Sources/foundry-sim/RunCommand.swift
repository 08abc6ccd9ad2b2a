import FoundrySimulation

enum RunCommand {
    static func run(_ words: [String]) throws(Arguments.Failure) -> Int32 {
        let arguments = try Arguments(words, options: FoundrySim.requestOptions, switches: ["trace", "reached"])
        try FoundrySim.plant(arguments.text("bug"))
        var request = try FoundrySim.request(arguments)
        request.tells = arguments.has("trace")
        let start = Clock.seconds
        let outcome = SimulationRun.run(request)
        for line in outcome.story { say(line) }
        if arguments.has("reached") {
            for entry in outcome.reached.counts { say("\(entry.count)  \(entry.name)") }
        }
        say(summary(outcome, seconds: Clock.seconds - start))
        return outcome.violation == nil ? 0 : 1
    }

    static func summary(_ outcome: RunOutcome, seconds: Double) -> String {
        let rate = Int(Double(outcome.events) / max(seconds, 0.000_001))
        let figures =
            "\(outcome.events) events, \(outcome.acknowledged) acknowledged writes, \(rate) events/s, fingerprint \(String(outcome.fingerprint, radix: 16))"
        guard let violation = outcome.violation else { return "held    \(outcome.request): \(figures)" }
        return "BROKEN  \(outcome.request): \(violation)\n        \(figures)"
    }
}

enum ShrinkCommand {
    static func run(_ words: [String]) throws(Arguments.Failure) -> Int32 {
        let arguments = try Arguments(words, options: FoundrySim.requestOptions.union(["tries"]))
        try FoundrySim.plant(arguments.text("bug"))
        let request = try FoundrySim.request(arguments)
        guard let violation = SimulationRun.run(request).violation else {
            say("\(request) holds: there is nothing to shrink")
            return 0
        }
        say("\(request) breaks \(violation.invariant.rawValue); \(request.faults.count) faults")
        tell(shrink(request, tries: try arguments.number("tries", 200)))
        return 1
    }

    static func shrink(_ request: RunRequest, tries: Int) -> RunRequest {
        Shrinker.shrink(request, tries: tries) { SimulationRun.run($0).violation?.invariant }
    }

    /// The faults that are left, the story, and the lines of a regression's file.
    static func tell(_ smallest: RunRequest) {
        var request = smallest
        request.tells = true
        let outcome = SimulationRun.run(request)
        say("\nits faults:")
        for fault in request.faults { say("  \(fault)") }
        say("\nits story:")
        for line in outcome.story { say("  \(line)") }
        if let violation = outcome.violation { say("\n\(violation)\n\(violation.invariant.sentence)") }
        let reason = outcome.violation?.detail ?? "?"
        say("\n" + RegressionSeed(reason: reason, request: smallest).text)
    }
}
