import FoundryClient
import FoundryEffects
import FoundryModel
import Logging
import UnixSignals

/// The router's process.
public enum RouterDaemon {
    /// Runs until SIGTERM, and leaves HAProxy as it is then.
    ///
    /// - Throws: `configuration_invalid`, `internal_error` when the journal cannot be opened.
    public static func run(
        paths: Paths, configuration: PlatformConfiguration, logger: Logger
    ) async throws(FoundryError) {
        let files = CellsClientFiles(
            authority: paths.authority, certificate: paths.certificate(of: "router"), key: paths.key(of: "router"))
        let client = try CellsClient(routerPort: configuration.cellPort, files: files)
        let shell = try RouterShell(
            configuration: configuration, paths: paths, uplink: client, logger: logger)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await shell.run() }
            group.addTask { for await _ in await UnixSignalsSequence(trapping: .sigterm, .sigint) { return } }
            await group.next()
            group.cancelAll()
        }
        await client.close()
    }
}
