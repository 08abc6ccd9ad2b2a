import ArgumentParser
import FoundryCommandLine

struct DeleteServiceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete-service", abstract: "Delete a service with its data, for good.",
        discussion: """
            foundry delete-service orders-db
            foundry delete-service orders-db -f

            Asks first, on a terminal; elsewhere it wants -f. While apps are bound to it, it is refused.
            """,
        aliases: ["ds"])

    @Argument(help: "Of the service.", completion: .services)
    var name: String

    @Flag(name: [.customShort("f"), .long], help: "Ask nothing.")
    var force = false

    @OptionGroup var waiting: WaitOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withContext(waiting) { context in
            try await DeleteServiceWork(context).run(name, force: force)
        }
    }
}
