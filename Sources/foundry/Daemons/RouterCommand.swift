import ArgumentParser
import FoundryRouter

/// The daemon that leads HAProxy by the routes that there shall be.
struct RouterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "router", abstract: "Drives HAProxy; started by the supervisor.", shouldDisplay: false)

    @OptionGroup var options: DaemonOptions

    func run() async throws {
        let (configuration, paths) = try options.load()
        DaemonStart.begin(paths)
        try await RouterDaemon.run(paths: paths, configuration: configuration, logger: DaemonStart.logger("router"))
    }
}
