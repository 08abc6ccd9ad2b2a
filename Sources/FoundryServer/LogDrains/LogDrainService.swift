import FoundryModel
import FoundryRules
import Logging
import ServiceLifecycle

/// Runs every log drain there is a record of, each from when it appears until it goes.
struct LogDrainService: Service {
    let platform: Platform
    let logger: Logger

    func run() async throws {
        let feed = platform.feed
        await withDiscardingTaskGroup { group in
            var begun: Set<LogDrainID> = []
            while !feed.isClosed, !Task.isCancelled {
                let edition = feed.edition
                for drain in edition.view.logDrains.values.map(\.value) where begun.insert(drain.id).inserted {
                    group.addTask { await LogDrain(record: drain, platform: platform, logger: logger).run() }
                }
                begun.formIntersection(edition.view.logDrains.keys)
                await feed.change(after: edition.revision)
            }
            group.cancelAll()
        }
        // The feed is closed before the drains are told to end: a service that ends untold makes all others fail.
        try await gracefulShutdown()
    }
}
