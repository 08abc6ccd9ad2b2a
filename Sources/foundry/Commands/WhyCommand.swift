import ArgumentParser
import FoundryCommandLine

struct WhyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why", abstract: "Say in words why an app is as it is, and what helps.",
        discussion: "foundry why demo")

    @Argument(help: "Of the app.", completion: .apps)
    var name: String

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withAPI { api, console in
            let answer = try await api.why(try await AppLookup(api).app(name).guid)
            try console.show(answer, as: global.output) { WhyView(answer).lines(on: console.output) }
        }
    }
}
