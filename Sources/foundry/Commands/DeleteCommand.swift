import ArgumentParser
import FoundryCommandLine

struct DeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete an app; its disk is kept for some days.",
        discussion: """
            foundry delete demo
            foundry delete demo --purge --force

            Asks first on a terminal. `foundry volumes` shows what is kept, and until when.
            """)

    @Argument(help: "Of the app.", completion: .apps)
    var name: String

    @Flag(help: "Delete its disk too, for good.")
    var purge = false

    @Flag(help: "Ask nothing.")
    var force = false

    @OptionGroup var waiting: WaitOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withContext(waiting) { context in
            try await DeleteWork(context)
                .run(app: name, purge: purge, force: force)
        }
    }
}
