import FoundryEffects
import FoundryModel
import FoundryRules
import FoundryStore
import Logging

/// Puts the parts of a server together.
enum ServerParts {
    /// Takes the controller's term and reads every record.
    static func make(
        store: any Store, paths: Paths, configuration: PlatformConfiguration, createdAt: Timestamp, logger: Logger
    ) async throws(FoundryError) -> Platform {
        let journal = try EffectJournal(shell: "controller", path: paths.journal("server"))
        for entry in await journal.interrupted {
            logger.info(
                "an effect was interrupted", metadata: ["effect": "\(entry.name)", "subject": "\(entry.subject)"])
        }
        let feed = ViewFeed()
        let term = try await TermClaim.take(store)
        let coding = RecordCoding(secrets: try SecretVault(paths.secretKeys))
        let controller = Controller(
            configuration: configuration, term: term, store: store, coding: coding, journal: journal, feed: feed,
            logger: logger)
        try await controller.load()
        try GenerationFile(paths).note(feed.view.switches.generation)
        logger.info("controller started", metadata: ["term": "\(term.value.term)"])
        return Platform(
            configuration: configuration, paths: paths, feed: feed, controller: controller,
            changes: Changes(store: store, coding: coding, feed: feed, journal: journal), presence: Presence(),
            images: ImageResolver(bundled: configuration.bundledImages, pulled: paths.images, logger: logger),
            audit: AuditLog(path: paths.audit, logger: logger), events: EventTally(after: feed.edition.revision),
            uploads: Uploads(directory: paths.uploads),
            backups: StoreBackups(store: store as? SQLiteStore, paths: paths),
            certificates: ServiceCertificates(
                directory: paths.tls, addresses: [configuration.routes.publicRange?.address].compactMap(\.self)),
            startedAt: SystemClock.timestamp(), createdAt: createdAt)
    }

    static func apiResponder(_ platform: Platform, token: BearerToken, logger: Logger) -> APIResponder {
        let gate = Gate(root: token, feed: platform.feed)
        return APIResponder(
            table: EndpointTable(apiEndpoints(platform, gate)), gate: gate, checksHost: true,
            witness: RequestWitness(tally: platform.requests, audit: platform.audit, feed: platform.feed),
            logger: logger)
    }

    static func cellResponder(_ platform: Platform, logger: Logger) -> APIResponder {
        let endpoints = CellEndpoints(
            feed: platform.feed, controller: platform.controller, presence: platform.presence, usage: platform.usage,
            execs: platform.execs
        ).endpoints
        return APIResponder(
            table: EndpointTable(endpoints), gate: nil, checksHost: false, largestBody: Limits.report, logger: logger)
    }

    /// Every path of the API; docs/reference/api.md lists them all.
    static func apiEndpoints(_ platform: Platform, _ gate: Gate) -> [Endpoint] {
        RootEndpoints(page: PageEndpoint(platform: platform, gate: gate)).endpoints
            + PlaceEndpoints(platform: platform).endpoints
            + AppEndpoints(platform: platform).endpoints
            + ProcessEndpoints(platform: platform).endpoints + ManifestEndpoints(platform: platform).endpoints
            + VerbEndpoints(platform: platform).endpoints + ScaleEndpoints(platform: platform).endpoints
            + JobEndpoints(platform: platform).endpoints
            + EventEndpoints(platform: platform).endpoints + OperatorEndpoints(platform: platform).endpoints
            + ExecEndpoints(platform: platform).endpoints
            + StreamEndpoints(platform: platform).endpoints + MetricsEndpoints(platform: platform).endpoints
            + ImageEndpoints(platform: platform).endpoints
            + TokenEndpoints(platform: platform).endpoints + AuditEndpoints(platform: platform).endpoints
            + OpenAPIEndpoint().endpoints
            + LogDrainEndpoints(platform: platform).endpoints + SnapshotEndpoints(platform: platform).endpoints
            + RewindEndpoints(platform: platform).endpoints
            + StoreEndpoints(platform: platform).endpoints
            + ServiceCatalogEndpoints(platform: platform).endpoints
            + ServiceInstanceEndpoints(platform: platform).endpoints
            + ServiceBindingEndpoints(platform: platform).endpoints
            + ReleaseEndpoints(platform: platform).endpoints
            + BrokerCredentialEndpoints(platform: platform).endpoints
            + SecretEndpoints(platform: platform).endpoints
            + BrokerEndpoints(platform: platform).endpoints
            + ServicePageEndpoints(platform: platform, gate: gate).endpoints
    }
}
