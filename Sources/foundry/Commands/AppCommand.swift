import ArgumentParser
import FoundryCommandLine
import FoundryEffects

struct AppCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "app", abstract: "Show one app: its state, members, address and disk.",
        discussion: "foundry app demo")

    @Argument(help: "Of the app.", completion: .apps)
    var name: String

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withAPI { api, console in
            let app = try await AppLookup(api).app(name)
            try console.show(app, as: global.output) {
                AppView(app, now: SystemClock.timestamp()).lines(on: console.output)
            }
        }
    }
}
