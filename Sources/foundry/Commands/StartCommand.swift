import ArgumentParser
import FoundryCommandLine

struct StartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Start an app that was stopped.", discussion: "foundry start demo")

    @Argument(help: "Of the app.", completion: .apps)
    var name: String

    @OptionGroup var waiting: WaitOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withContext(waiting) { context in
            try await VerbWork(context).run(
                .start, app: name)
        }
    }
}
