import ArgumentParser
import FoundryCommandLine
import FoundryModel
import FoundrySupervisor

struct DownCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "down", abstract: "Stop every member and the platform; keep all data.",
        discussion: """
            Members are stopped in order, as they ask for; databases may take a minute. `foundry up`, or the next boot under systemd, brings
            them back.

            foundry down
            """)

    @OptionGroup var place: DataOptions

    @Option(name: [.short, .long], help: "How to answer: table for people, json for programs.")
    var output: OutputFormat = .table

    func run() async throws {
        try DataOptions.requireRoot()
        let paths = try place.paths()
        let console = Console()
        let outcome = try await Progress.show(on: console, isSilent: output == .json) { progress in
            await progress.begin("stop", Self.words(Shutdown.members(paths)))
            let outcome = try await Shutdown(paths) { await progress.begin("stop", Self.words($0)) }.run()
            if outcome == .stopped { await progress.finish("stop", "all members, then the platform") }
            return outcome
        }
        try console.show(["state": outcome == .stopped ? "stopped" : "was_not_running"], as: output) {
            [
                outcome == .stopped
                    ? "Service Foundry is down. All data is kept in \(paths.data)." : "It was not running."
            ]
        }
    }

    private static func words(_ members: Int) -> String {
        switch members {
        case 0: "the platform"
        case 1: "1 member is left"
        default: "\(members) members are left"
        }
    }
}
