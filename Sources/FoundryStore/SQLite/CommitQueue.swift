import Synchronization

/// The transactions that wait for the writer, in order, with a bound.
///
/// Whoever finds the queue asleep must wake the writer; the writer takes batches until the queue sleeps again. So all that
/// gathers while one batch is being synced goes into the next: one sync for many.
final class CommitQueue: Sendable {
    struct Waiting: Sendable {
        let transaction: StoreTransaction
        let continuation: CheckedContinuation<Result<StoreCommit, StoreError>, Never>
    }

    /// How many may wait, in transactions and in bytes of values, and how many share a sync.
    struct Bounds: Sendable {
        var transactions = 1024
        var bytes = 64 << 20
        var batch = 128
    }

    enum Submission: Sendable {
        case queued
        /// Queued, and the writer must be woken.
        case wakeWriter
        case refused(StoreError)
    }

    private struct State {
        var waiting: [Waiting] = []
        var bytes = 0
        var isAwake = false
        var isClosed = false
    }

    private let bounds: Bounds
    private let state = Mutex(State())

    init(bounds: Bounds) {
        self.bounds = bounds
    }

    func submit(_ waiting: Waiting) -> Submission {
        state.withLock { state in
            if state.isClosed { return .refused(.closed) }
            let bytes = waiting.transaction.bytes
            guard state.waiting.count < bounds.transactions, state.bytes + bytes <= bounds.bytes else {
                return .refused(
                    StoreError(
                        .busy, "too many changes wait for the disk", hint: "nothing was changed; try again in a second")
                )
            }
            state.waiting.append(waiting)
            state.bytes += bytes
            if state.isAwake { return .queued }
            state.isAwake = true
            return .wakeWriter
        }
    }

    /// The next batch, in order; `nil` when the queue is empty and the writer may rest.
    func take() -> [Waiting]? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isAwake = false
                return nil
            }
            let batch = Array(state.waiting.prefix(bounds.batch))
            state.waiting.removeFirst(batch.count)
            state.bytes -= batch.reduce(0) { $0 + $1.transaction.bytes }
            return batch
        }
    }

    /// Refuses whatever comes from now on. What waits is still taken.
    ///
    /// - Returns: `false` when it was closed before.
    func close() -> Bool {
        state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
    }

    /// How many wait now.
    var count: Int { state.withLock { $0.waiting.count } }
}

extension StoreTransaction {
    /// What its values take.
    var bytes: Int {
        operations.reduce(0) { sum, operation in
            switch operation {
            case .put(_, let value): sum + value.count
            case .delete: sum
            }
        }
    }
}
