import FoundrySimulation

/// Seeds that nobody has tried, for so many seconds, on so many threads; the first one is printed and draws the same seeds again.
///
/// While something that can happen was not reached as often as is asked for, it goes on: for as long again, at most.
enum FreshCommand {
    private struct State {
        var campaign: Campaign
        var runs = 0
        var events = 0
        var minutes = 0
        var reached = ReachedCounters()
        var failures: [RunOutcome] = []

        func missing(_ least: Int) -> [String] {
            reached.missing(least: least, except: ReachedCounters.unexpected)
        }
    }

    static func run(_ words: [String]) throws(Arguments.Failure) -> Int32 {
        let arguments = try Arguments(
            words, options: ["seconds", "jobs", "first", "minutes", "profile", "least", "failures", "tries"],
            switches: ["hunts"])
        let seconds: Double = Double(try arguments.number("seconds", 60))
        let jobs = try arguments.number("jobs", 2)
        let minutes = try arguments.number("minutes", 10)
        let least = try arguments.number("least", 0)
        let most = try arguments.number("failures", 3)
        let tries = try arguments.number("tries", 120)
        let first: UInt64 = try arguments.number("first", Clock.wallSeconds)
        var campaign = Campaign(first: first, minutes: minutes)
        if arguments.has("hunts") {
            campaign = Campaign(first: first, templates: BugPlan.worlds(minutes: minutes))
        } else if arguments.text("profile") != nil {
            campaign = Campaign(first: first, profiles: [try arguments.choice("profile", .normal)], minutes: minutes)
        }
        say("foundry-sim fresh --first \(first) --minutes \(minutes)")
        let state = Shared(State(campaign: campaign))
        let start = Clock.seconds
        @Sendable func goesOn() -> Bool {
            let spent = Clock.seconds - start
            return spent < seconds || (spent < 2 * seconds && !state.with { $0.missing(least).isEmpty })
        }
        Threads.run(jobs) { _ in
            while goesOn(), let request = next(state, most) { take(request, state) }
        }
        return state.with { report($0, Clock.seconds - start, jobs, least: least, tries: tries) }
    }

    private static func next(_ state: Shared<State>, _ most: Int) -> RunRequest? {
        state.with { $0.failures.count >= most ? nil : $0.campaign.next() }
    }

    private static func take(_ request: RunRequest, _ state: Shared<State>) {
        let outcome = SimulationRun.run(request)
        state.with {
            $0.runs += 1
            $0.events += outcome.events
            $0.minutes += request.minutes
            $0.reached.add(outcome.reached)
            guard let violation = outcome.violation else { return }
            $0.failures.append(outcome)
            say("BROKEN  \(request): \(violation)")
        }
    }

    private static func report(_ state: State, _ seconds: Double, _ jobs: Int, least: Int, tries: Int) -> Int32 {
        let rate = Int(Double(state.events) / seconds)
        let hours = Double(state.minutes) / 60
        say(
            "\(state.runs) seeds, \(state.events) events in \(Int(seconds)) s on \(jobs) threads: \(rate) events/s, \(Int(hours)) hours of a cluster, \(tenths(hours / seconds)) hours a second"
        )
        if !state.failures.isEmpty, tries == 0 { return 1 }
        if let first = state.failures.first {
            say("\nthe first that broke, made small:")
            ShrinkCommand.tell(ShrinkCommand.shrink(first.request, tries: tries))
            return 1
        }
        guard least > 0 else { return 0 }
        let rare = state.reached.rarest(5, except: ReachedCounters.unexpected)
        say("rarest: \(rare.map { "\($0.name) \($0.count)" }.joined(separator: ", "))")
        let missing = state.missing(least)
        guard missing.isEmpty else {
            say("reached less than \(least) times: \(missing.joined(separator: ", "))")
            return 1
        }
        say("everything was reached at least \(least) times")
        return 0
    }

    static func tenths(_ value: Double) -> String { "\(Int(value * 10) / 10).\(Int(value * 10) % 10)" }
}
