import FoundryEffects
import FoundryModel
import FoundryRules
import Synchronization

/// The newest view of the records, for everybody who reads, and a bell for everybody who waits for a newer one.
public final class ViewFeed: Sendable {
    /// What there is to read, and the store's revision that it shows.
    public struct Edition: Sendable {
        public var view = PlatformView()
        public var revision: Int64 = 0
    }

    private struct Waiter {
        let after: Int64
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var edition = Edition()
        var isClosed = false
        var nextID = 0
        var waiters: [Int: Waiter] = [:]
        /// Cancelled between the cancellation and the going to sleep.
        var cancelled: Set<Int> = []
    }

    private let state = Mutex(State())

    public init() {}

    public var edition: Edition { state.withLock { $0.edition } }
    public var view: PlatformView { edition.view }
    public var isClosed: Bool { state.withLock { $0.isClosed } }

    /// How many wait now.
    var waiting: Int { state.withLock { $0.waiters.count } }

    func publish(_ view: PlatformView, revision: Int64) {
        wake { state in
            state.edition = Edition(view: view, revision: revision)
            return { $0.after < revision }
        }
    }

    /// Wakes all, so that each looks again at what it waits for.
    func nudge() { wake { _ in { _ in true } } }

    /// Ends every wait, now and later: the server goes.
    func close() {
        wake { state in
            state.isClosed = true
            return { _ in true }
        }
    }

    /// Returns when there is something newer than the revision, at a nudge, when the feed was closed, or the task cancelled.
    func change(after revision: Int64) async {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { sleep(id, Waiter(after: revision, continuation: $0)) }
        } onCancel: {
            cancel(id)
        }
        state.withLock { _ = $0.cancelled.remove(id) }
    }

    /// As `change(after:)`, at most so long.
    func change(after revision: Int64, limit: Duration) async {
        try? await Deadline.run(limit) { await self.change(after: revision) }
    }

    /// Waits until the view shows a revision, so that whoever wrote it reads it.
    ///
    /// - Throws: `timed_out`, `storeUnavailable` when the server goes.
    func wait(until revision: Int64, limit: Duration = .seconds(10)) async throws(FoundryError) {
        if edition.revision >= revision { return }
        do {
            try await Deadline.run(limit) {
                while self.edition.revision < revision, !self.isClosed, !Task.isCancelled {
                    await self.change(after: self.edition.revision)
                }
            }
        } catch {
            throw FoundryError(
                .timedOut, "The change was stored, and is not in sight yet.", detail: "revision \(revision)",
                hint: "foundry apps")
        }
        guard edition.revision >= revision else {
            throw FoundryError(
                .notRunning, "The platform is stopping; what was asked for is stored, and goes on when it is back.",
                hint: "foundry up")
        }
    }

    private func wake(_ change: (inout State) -> (Waiter) -> Bool) {
        let woken = state.withLock { state in
            let isDue = change(&state)
            let due = state.waiters.filter { isDue($0.value) }
            for id in due.keys { state.waiters[id] = nil }
            return due.values.map(\.continuation)
        }
        for continuation in woken { continuation.resume() }
    }

    private func sleep(_ id: Int, _ waiter: Waiter) {
        let isAsleep = state.withLock { state in
            guard !state.isClosed, state.cancelled.remove(id) == nil, state.edition.revision <= waiter.after else {
                return false
            }
            state.waiters[id] = waiter
            return true
        }
        if !isAsleep { waiter.continuation.resume() }
    }

    private func cancel(_ id: Int) {
        let waiter = state.withLock { state in
            let waiter = state.waiters.removeValue(forKey: id)
            if waiter == nil { state.cancelled.insert(id) }
            return waiter
        }
        waiter?.continuation.resume()
    }
}
