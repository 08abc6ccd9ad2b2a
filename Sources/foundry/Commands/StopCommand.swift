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
        try await global.withAPI { api, console in
            try await VerbWork(api, console: console, format: global.output, waitingFor: waiting.limit).run(
                .stop, app: name)
        }
    }
}
