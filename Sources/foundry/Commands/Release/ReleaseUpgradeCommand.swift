import ArgumentParser
import FoundryCommandLine

struct ReleaseUpgradeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upgrade", abstract: "Bring instances to the version that is offered, one after the other.",
        discussion: """
            foundry release upgrade postgresql
            foundry release upgrade postgresql --instance orders-db --instance sessions

            An instance that fails goes back to what it was, and ends it; the same command again goes on.
            """)

    @Argument(help: "Of the release.", completion: .offerings)
    var name: String

    @Option(
        help: ArgumentHelp("Only this one; may be repeated. All otherwise.", valueName: "name"), completion: .services)
    var instance: [String] = []

    @Flag(help: "Ask nothing.")
    var yes = false

    @Option(help: ArgumentHelp("How long to stay with each instance: 90s, 5m.", valueName: "time"))
    var timeout = TimeArgument(.seconds(300))

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withContext(timeout.duration) { context in
            try await ReleaseUpgradeWork(context).run(name, only: instance, asks: !yes)
        }
    }
}

struct ReleaseRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a release; refused while instances run from it.",
        discussion: """
            foundry release remove postgresql
            foundry release remove postgresql --version 15.0.0
            """,
        aliases: ["rm"])

    @Argument(help: "Of the release.", completion: .offerings)
    var name: String

    @Option(help: ArgumentHelp("Only this one; all otherwise.", valueName: "version"))
    var version: String?

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withAPI { api, console in
            let removal = try await api.removeRelease(name, version: version)
            try console.show(removal, as: global.output) {
                ["\(removal.name) \(removal.versions.joined(separator: ", ")) is removed"]
            }
        }
    }
}
