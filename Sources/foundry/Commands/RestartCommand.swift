import ArgumentParser
import FoundryCommandLine

struct RestartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart", abstract: "Stop an app and start it again.", discussion: "foundry restart demo")

    @Argument(help: "Of the app.", completion: .apps)
    var name: String

    @OptionGroup var waiting: WaitOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withContext(waiting) { context in
            try await VerbWork(context).run(
                .restart, app: name)
        }
    }
}
