import ArgumentParser
import FoundryCell
import FoundrySupervisor

/// The daemon that runs this machine's members.
struct CellCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cell", abstract: "Runs this machine's members; started by the supervisor.", shouldDisplay: false)

    @OptionGroup var options: DaemonOptions

    @Flag(help: "Ends every member and removes every trace on the machine outside of the data directory.")
    var teardown = false

    func run() async throws {
        let (configuration, paths) = try options.load()
        let logger = DaemonStart.logger("cell")
        if teardown { return try await CellDaemon.tearDown(paths: paths, configuration: configuration, logger: logger) }
        DaemonStart.begin(paths)
        try await CellDaemon.run(
            paths: paths, configuration: configuration, cell: Secrets.cellID(paths),
            machineID: Secrets.machineID(paths), logger: logger)
    }
}
