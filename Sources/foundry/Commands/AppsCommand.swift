import ArgumentParser
import FoundryClient
import FoundryCommandLine
import FoundryEffects

struct AppsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apps", abstract: "List all apps.",
        discussion: "foundry apps --output json | jq -r '.resources[].name'")

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withAPI { api, console in
            let apps = try await api.apps()
            try console.show(ListAnswer(resources: apps), as: global.output) {
                AppsView(apps, now: SystemClock.timestamp()).lines(on: console.output)
            }
        }
    }
}
