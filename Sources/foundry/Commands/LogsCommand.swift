import ArgumentParser
import FoundryCommandLine

struct LogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Show what an app logged.",
        discussion: """
            foundry logs demo --follow

            Lines that begin with -- are the platform's: why the app was started, stopped or restarted there.
            """)

    @Argument(help: "Of the app.", completion: .apps)
    var name: String

    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("How many of the last lines.", valueName: "count"))
    var lines = 100

    @Flag(name: .shortAndLong, help: "Go on with what it logs from now on.")
    var follow = false

    @Flag(help: "Begin each line with its time.")
    var timestamps = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard (0...10_000).contains(lines) else { throw ValidationError("--lines takes 0 to 10000.") }
    }

    func run() async throws {
        try await global.withAPI { api, console in
            try await LogsWork(api, console: console, format: global.output)
                .run(app: name, lines: lines, follow: follow, showsTimes: timestamps)
        }
    }
}
