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
            configuration: configuration, paths: paths, uplink: ServerUplink(client: client), logger: logger)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await shell.run() }
            group.addTask { for await _ in await UnixSignalsSequence(trapping: .sigterm, .sigint) { return } }
            await group.next()
            group.cancelAll()
        }
        await client.close()
    }
}

private struct ServerUplink: RouterUplink {
    let client: CellsClient<RouterOrders, RouterReport>

    /// The newest orders only: whoever is slow skips.
    func orders() -> AsyncThrowingStream<RouterOrders, any Error> {
        AsyncThrowingStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let task = Task {
                do {
                    try await client.follow { continuation.yield($0) }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    func report(_ report: RouterReport) async throws(FoundryError) { try await client.report(report) }
}
