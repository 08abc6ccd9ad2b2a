import ArgumentParser
import FoundryCommandLine

struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Show what happened, to one app or to all.",
        discussion: "foundry events demo --follow")

    @Argument(help: "Of an app; all of them otherwise.", completion: .apps)
    var name: String?

    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("How many of the last events.", valueName: "count"))
    var limit = 50

    @Flag(name: .shortAndLong, help: "Go on with what happens from now on.")
    var follow = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard (1...1_000).contains(limit) else { throw ValidationError("--limit takes 1 to 1000.") }
    }

    func run() async throws {
        try await global.withAPI { api, console in
            try await EventsWork(api, console: console, format: global.output).run(
                app: name, limit: limit, follow: follow)
        }
    }
}
