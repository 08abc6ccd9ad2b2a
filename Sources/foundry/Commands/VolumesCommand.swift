import ArgumentParser
import FoundryClient
import FoundryCommandLine
import FoundryEffects

struct VolumesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "volumes", abstract: "List all volumes, those of deleted apps among them.",
        discussion: "foundry volumes")

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withAPI { api, console in
            let volumes = try await api.volumes()
            try console.show(ListAnswer(resources: volumes), as: global.output) {
                VolumesView(volumes, now: SystemClock.timestamp()).lines(on: console.output)
            }
        }
    }
}
