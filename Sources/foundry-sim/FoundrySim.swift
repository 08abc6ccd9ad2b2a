import FoundryRules
import FoundrySimulation
import Glibc

/// `foundry-sim`: seeds of the simulated world from the command line.
enum FoundrySim {
    private static let usage = """
        foundry-sim run --seed N [--profile P] [--minutes M] [--apps A] [--cells C] [--memory MIB] [--pace fast|normal|calm|tight]
            [--routers R] [--services N] [--kind KIND] [--stress KIND@VICTIM=RATE,...] [--kept 1,2,3] [--bug NAME] [--trace] [--reached]
        foundry-sim fresh [--seconds S] [--jobs J] [--first SEED] [--minutes M] [--profile P | --hunts] [--least N]
        foundry-sim regressions [--directory D]
        foundry-sim bugs [--sample K] [--seconds S] [--jobs J] [--bug NAME]
        foundry-sim shrink --seed N [--profile P] [--minutes M] [--bug NAME]
        foundry-sim bench [--seconds S]
        foundry-sim placement-bench [--seed N]
        foundry-sim list
        """

    /// - Returns: the exit status: 0; 1 when something was found; 2 for arguments that make no sense.
    static func run(_ words: [String]) -> Int32 {
        do throws(Arguments.Failure) {
            guard let command = words.first else { throw Arguments.Failure(message: "what shall be done?") }
            let rest = Array(words.dropFirst())
            switch command {
            case "run": return try RunCommand.run(rest)
            case "fresh": return try FreshCommand.run(rest)
            case "regressions": return try RegressionsCommand.run(rest)
            case "bugs": return try BugsCommand.run(rest)
            case "shrink": return try ShrinkCommand.run(rest)
            case "bench": return try BenchCommand.run(rest)
            case "placement-bench": return try BenchCommand.runPlacement(rest)
            case "list": return list()
            case "help", "--help": say(usage)
            default: throw Arguments.Failure(message: "there is no `\(command)`")
            }
            return 0
        } catch {
            complain("foundry-sim: \(error.message)\n\n\(usage)\n")
            return 2
        }
    }

    private static func list() -> Int32 {
        say("profiles: " + ProfileName.allCases.map(\.rawValue).joined(separator: " "))
        say("\ninvariants:")
        for invariant in Invariant.allCases { say("  \(invariant.rawValue): \(invariant.sentence)") }
        say("\nfaults that --stress can name: " + Stress.names.joined(separator: " "))
        say("\npromises (design section: invariants):")
        for promise in Promise.allCases {
            let names = promise.invariants.map(\.rawValue).joined(separator: ", ")
            say("  \(promise.rawValue) (\(promise.source)): \(names)")
        }
        say("\nplanted bugs: " + PlantedBug.allCases.map(\.rawValue).joined(separator: " "))
        return 0
    }

    /// Chooses a planted bug for the whole process; only a build for it can.
    static func plant(_ name: String?) throws(Arguments.Failure) {
        guard let name else { return }
        guard let bug = PlantedBug(rawValue: name) else {
            throw Arguments.Failure(message: "there is no planted bug `\(name)`; `foundry-sim list` names them")
        }
        #if FOUNDRY_PLANTED
        Planted.active = bug
        #else
        throw Arguments.Failure(
            message: "this build has no planted bugs, so not `\(bug.rawValue)`: build with -D FOUNDRY_PLANTED")
        #endif
    }

    static func request(_ arguments: Arguments) throws(Arguments.Failure) -> RunRequest {
        guard arguments.text("seed") != nil else { throw Arguments.Failure(message: "--seed is needed") }
        var request = RunRequest(
            seed: try arguments.number("seed", 0), profile: try arguments.choice("profile", .normal),
            minutes: try arguments.number("minutes", 10))
        guard request.minutes >= 4 else { throw Arguments.Failure(message: "a run needs at least 4 minutes") }
        request.size.apps = try arguments.number("apps", request.size.apps)
        request.size.cells = try arguments.number("cells", request.size.cells)
        request.size.memory = try arguments.number("memory", request.size.memory)
        request.size.routers = try arguments.number("routers", request.size.routers)
        request.size.services = try arguments.number("services", request.size.services)
        if arguments.text("kind") != nil { request.size.kind = try arguments.choice("kind", .single) }
        if arguments.text("pace") != nil { request.pace = try arguments.choice("pace", .normal) }
        for text in (arguments.text("stress") ?? "").split(separator: ",") {
            guard let stress = Stress(String(text)) else {
                throw Arguments.Failure(message: "`\(text)` is no fault; `foundry-sim list` names them")
            }
            request.stress.append(stress)
        }
        if let kept = arguments.text("kept") {
            request.kept = kept == "none" ? [] : kept.split(separator: ",").compactMap { Int($0) }.sorted()
        }
        return request
    }

    static let requestOptions: Set<String> = [
        "seed", "profile", "minutes", "apps", "cells", "memory", "routers", "services", "kind", "pace", "stress",
        "kept", "bug",
    ]
}
