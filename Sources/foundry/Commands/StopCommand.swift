import ArgumentParser
import FoundryCommandLine

struct StopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Stop an app; its disk and address stay its own.",
        discussion: "foundry stop demo")

    @Argument(help: "Of the app.", completion: .apps)
    var name: String

    @OptionGroup var waiting: WaitOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withContext(waiting) { context in
            try await VerbWork(context).run(
                .stop, app: name)
        }
    }
}
