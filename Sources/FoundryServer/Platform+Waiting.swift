import FoundryEffects
import FoundryModel
import FoundryRules

extension Platform {
    /// Waits until the view shows what is looked for, at most so long.
    ///
    /// - Returns: whether it came to that.
    /// - Throws: `too_many_requests` when too many wait already.
    @discardableResult
    func wait(
        _ limit: Duration, until isOver: @escaping @Sendable (PlatformView) -> Bool
    ) async throws(FoundryError) -> Bool {
        if isOver(view) { return true }
        return await wait(limit, holding: try permits.take(), until: isOver)
    }

    func wait(
        _ limit: Duration, holding permit: Permits.Permit, until isOver: @escaping @Sendable (PlatformView) -> Bool
    ) async -> Bool {
        defer { withExtendedLifetime(permit) {} }
        let feed = feed
        // What time cut short is seen by looking again.
        try? await Deadline.run(limit) {
            while !feed.isClosed, !Task.isCancelled {
                let edition = feed.edition
                if isOver(edition.view) { return }
                await feed.change(after: edition.revision)
            }
        }
        return isOver(view)
    }
}
