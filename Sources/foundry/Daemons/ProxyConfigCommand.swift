import ArgumentParser
import FoundryRouter

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Writes HAProxy's configuration, before HAProxy is started.
struct ProxyConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "proxy-config", abstract: "Writes HAProxy's configuration; run by the supervisor.",
        shouldDisplay: false)

    @OptionGroup var options: DaemonOptions

    func run() throws {
        let (configuration, paths) = try options.load()
        let limits = ProxyLimits(cores: ProcessInfo.processInfo.activeProcessorCount)
        try ProxyConfiguration.install(configuration: configuration, paths: paths, limits: limits)
    }
}
