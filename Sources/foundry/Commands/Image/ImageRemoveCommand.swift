import ArgumentParser
import FoundryCommandLine

struct ImageRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Remove an image, and the layers that nothing else needs.",
        discussion: """
            foundry image rm team/name:1.2

            Refused while an app runs from it.
            """)

    @Argument(help: "Its name, or its digest, or twelve digits of that.")
    var name: String

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withAPI { api, console in
            try await ImageWork(api, console: console, format: global.output).remove(name)
        }
    }
}
