import ArgumentParser
import FoundryServer

/// The daemon of the control plane: store, controller and API.
struct ServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server", abstract: "Serves the API and decides; started by the supervisor.", shouldDisplay: false)

    @OptionGroup var options: DaemonOptions

    func run() async throws {
        let (configuration, paths) = try options.load()
        DaemonStart.begin(paths)
        try await ServerDaemon.run(paths: paths, configuration: configuration, logger: DaemonStart.logger("server"))
    }
}
