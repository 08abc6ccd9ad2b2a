import FoundryEffects
import FoundryModel
import FoundryRules
import FoundryStore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// The control plane's process: the store, the controller, the API, and the listener of cells and routers.
public enum ServerDaemon {
    /// Runs until SIGTERM or SIGINT.
    ///
    /// - Throws: what keeps it from starting; `conflict` when another controller took over.
    public static func run(
        paths: Paths, configuration: PlatformConfiguration, logger: Logger
    ) async throws(FoundryError) {
        NIOSingletons.groupLoopCountSuggestion = 1
        try await run(paths: paths, configuration: configuration, logger: logger, until: nil)
    }

    /// - Parameter stop: ends it as SIGTERM does.
    static func run(
        paths: Paths, configuration: PlatformConfiguration, logger: Logger, until stop: AsyncStream<Void>?
    ) async throws(FoundryError) {
        try ServerFiles(paths: paths).makeDirectory(of: paths.journal("server"))
        let care = StoreCare(paths)
        try care.requireStore()
        let store = try await care.open(logger: logger)
        let outcome: Result<Void, FoundryError>
        do throws(FoundryError) {
            try await care.requireCurrent(store)
            outcome = .success(
                try await serve(store, paths: paths, configuration: configuration, logger: logger, until: stop))
        } catch {
            outcome = .failure(care.advised(error))
        }
        await store.close()
        try outcome.get()
    }

    private static func serve(
        _ store: SQLiteStore, paths: Paths, configuration: PlatformConfiguration, logger: Logger,
        until stop: AsyncStream<Void>?
    ) async throws(FoundryError) {
        let files = ServerFiles(paths: paths)
        let platform = try await ServerParts.make(
            store: store, paths: paths, configuration: configuration, createdAt: files.createdAt, logger: logger)
        let loops = MultiThreadedEventLoopGroup.singleton
        let api = try Listener.application(
            ServerParts.apiResponder(platform, token: try files.token(), logger: logger), port: configuration.apiPort,
            tls: try files.tls(asksForCertificate: false), group: loops, logger: logger)
        let cells = try Listener.application(
            ServerParts.cellResponder(platform, logger: logger), port: configuration.cellPort,
            tls: try files.tls(asksForCertificate: true),
            group: loops, logger: logger)
        // Stopped in the opposite order: first every wait ends, then the connections, then the controller.
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = [
            .init(
                service: ControllerService(controller: platform.controller),
                failureTerminationBehavior: .gracefullyShutdownGroup),
            .init(service: StoreBackupService(platform: platform, logger: logger)),
            .init(service: api), .init(service: cells),
            .init(service: LogDrainService(platform: platform, logger: logger)),
            .init(service: FeedService(feed: platform.feed, execs: platform.execs)),
        ]
        if let stop {
            services.append(
                .init(service: StopService(stop: stop), successTerminationBehavior: .gracefullyShutdownGroup))
        }
        let group = ServiceGroup(
            configuration: .init(services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        let outcome: Result<Void, FoundryError>
        do { outcome = .success(try await group.run()) } catch { outcome = .failure(failure(error, configuration)) }
        try outcome.get()
    }

    private static func failure(_ error: any Error, _ configuration: PlatformConfiguration) -> FoundryError {
        if let error = error as? FoundryError { return error }
        if let error = error as? StoreError { return FoundryError(error) }
        return FoundryError(
            .configurationInvalid, "The server cannot listen, or had to stop.",
            detail: "ports \(configuration.apiPort) and \(configuration.cellPort): \(error)", hint: "foundry doctor")
    }
}

/// Runs the controller until the server shall go.
struct ControllerService: Service {
    let controller: Controller

    func run() async throws { try await cancelWhenGracefulShutdown { try await controller.run() } }
}

/// Ends every wait, and every command, when the server shall go.
struct FeedService: Service {
    let feed: ViewFeed
    let execs: ExecBoard

    func run() async throws {
        try await gracefulShutdown()
        execs.closeAll()
        feed.close()
    }
}

/// Ends when it is told to.
struct StopService: Service {
    let stop: AsyncStream<Void>

    func run() async throws { for await _ in stop.cancelOnGracefulShutdown() { return } }
}
