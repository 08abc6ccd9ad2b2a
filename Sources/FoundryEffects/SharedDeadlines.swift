import FoundryModel
import Synchronization

/// The limits of much that is under way, watched together. A timer of each own, as ``Deadline`` has it, stays until its time even where the work ended at
/// once, and tens of thousands of them are work.
public final class SharedDeadlines: Sendable {
    /// Between looks; what is over its limit is cancelled so much later at most.
    private static let turn = Duration.milliseconds(250)

    private struct Entry: Sendable {
        let end: MonotonicTime
        let cancel: @Sendable () -> Void
        var isOver = false
    }

    private struct State: Sendable {
        var last: UInt64 = 0
        var entries: [UInt64: Entry] = [:]
        var isWatched = false
    }

    private let state = Mutex(State())

    public init() {}

    /// Runs the work, and cancels it when the limit has passed.
    ///
    /// - Throws: `DeadlineExceeded`, or what the work throws.
    public func run<Result: Sendable>(
        _ limit: Duration, _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let task = Task { try await work() }
        let end = SystemClock.monotonic() + Int64(limit / .milliseconds(1))
        let id = begin(Entry(end: end) { task.cancel() })
        let outcome = await withTaskCancellationHandler {
            await task.result
        } onCancel: {
            task.cancel()
        }
        guard !finish(id) else { throw DeadlineExceeded() }
        return try outcome.get()
    }

    private func begin(_ entry: Entry) -> UInt64 {
        let (id, isFirst) = state.withLock { state in
            state.last += 1
            state.entries[state.last] = entry
            defer { state.isWatched = true }
            return (state.last, !state.isWatched)
        }
        if isFirst { Task.detached { await self.watch() } }
        return id
    }

    /// - Returns: whether it was over its limit.
    private func finish(_ id: UInt64) -> Bool {
        state.withLock { $0.entries.removeValue(forKey: id)?.isOver == true }
    }

    /// Until there is none.
    private func watch() async {
        while true {
            // Nobody cancels this task.
            try? await SystemClock.sleep(Self.turn)
            let now = SystemClock.monotonic()
            let over: [@Sendable () -> Void]? = state.withLock { state in
                guard !state.entries.isEmpty else {
                    state.isWatched = false
                    return nil
                }
                let ids = state.entries.filter { !$0.value.isOver && $0.value.end <= now }.keys
                for id in ids { state.entries[id]?.isOver = true }
                return ids.compactMap { state.entries[$0]?.cancel }
            }
            guard let over else { return }
            for cancel in over { cancel() }
        }
    }
}
