import FoundryClient
import FoundryEffects
import FoundryModel
import Logging
import UnixSignals

/// The cell's process.
public enum CellDaemon {
    /// Runs until SIGTERM, which leaves the members running, or until SIGUSR1 or a `down` in progress has stopped them all.
    ///
    /// - Throws: `machine_unfit`, `configuration_invalid`, and what keeps the pool from being opened.
    public static func run(
        paths: Paths, configuration: PlatformConfiguration, cell: CellID, machineID: String, logger: Logger
    ) async throws(FoundryError) {
        let files = CellsClientFiles(
            authority: paths.authority, certificate: paths.certificate(of: "cell"), key: paths.key(of: "cell"))
        let client = try CellsClient(cell: cell, port: configuration.cellPort, files: files)
        let shell = try CellShell(
            cell: cell, machineID: machineID, paths: paths, configuration: configuration, uplink: client, logger: logger
        )
        if HostFiles.exists(paths.downMarker) {
            if try await shell.endedBefore() { return await client.close() }
            await shell.drain()
        }
        let outcome = await race(shell)
        await client.close()
        try outcome.get()
        if await shell.isDrained { try await shell.close() }
    }

    /// Ends every member and removes every trace on the machine outside of the data directory.
    public static func tearDown(
        paths: Paths, configuration: PlatformConfiguration, logger: Logger
    ) async throws(FoundryError) {
        try await CellWorld(paths: paths, configuration: configuration, logger: logger).tearDown()
    }

    private static func race(_ shell: CellShell) async -> Result<Void, FoundryError> {
        await withTaskGroup(of: Result<Void, FoundryError>?.self) { group in
            group.addTask {
                do throws(FoundryError) { return .success(try await shell.run()) } catch { return .failure(error) }
            }
            group.addTask {
                for await signal in await UnixSignalsSequence(trapping: .sigterm, .sigint, .sigusr1) {
                    guard signal == .sigusr1 else { return .success(()) }
                    await shell.drain()
                }
                return nil
            }
            defer { group.cancelAll() }
            for await outcome in group { if let outcome { return outcome } }
            return .success(())
        }
    }
}
