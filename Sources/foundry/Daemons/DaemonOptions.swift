import ArgumentParser
import FoundryEffects
import FoundryModel
import FoundrySupervisor
import Glibc
import Logging

/// What every daemon is given, and what it finds there.
struct DaemonOptions: ParsableArguments {
    @Option(help: "The installation's data directory.")
    var data = "/var/lib/foundry"

    /// The configuration, and the places of the installation.
    ///
    /// - Throws: `not_running`, `configuration_invalid`.
    func load() throws(FoundryError) -> (configuration: PlatformConfiguration, paths: Paths) {
        let configuration = try ConfigurationFile.require(data: data)
        return (configuration, Paths(data: data, instance: configuration.instance))
    }
}

/// What a process that becomes a daemon does first.
enum DaemonStart {
    /// Logs go to standard error, which the supervisor leads into a file; `FOUNDRY_LOG` sets the level.
    static func logger(_ name: String) -> Logger {
        var logger = Logger(label: "foundry.\(name)", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = getenv("FOUNDRY_LOG").flatMap { Logger.Level(rawValue: String(cString: $0)) } ?? .notice
        return logger
    }

    /// A peer that is gone is an error of the call, not the end of the process; and a supervisor that is gone is replaced.
    static func begin(_ paths: Paths) {
        signal(SIGPIPE, SIG_IGN)
        SupervisorWatch.start(paths: paths)
    }
}
