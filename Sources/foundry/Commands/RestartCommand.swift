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
        try await global.withAPI { api, console in
            try await VerbWork(api, console: console, format: global.output, waitingFor: waiting.limit).run(
                .restart, app: name)
        }
    }
}
