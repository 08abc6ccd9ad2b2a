import Synchronization

/// A store that forgets everything when it goes: for tests, and the reference for the other makes.
public final class MemoryStore: Store {
    private struct State {
        var table: StoreTable
        var isClosed = false
    }

    private let state: Mutex<State>
    let hub = WatchHub(newest: 0)

    public init(history: HistoryPolicy = HistoryPolicy()) {
        state = Mutex(State(table: StoreTable(history: history)))
    }

    public func get(_ key: StoreKey) async throws(StoreError) -> StoredValue? {
        try table()[key]
    }

    public func list(prefix: String) async throws(StoreError) -> StoreSnapshot {
        try table().list(prefix: prefix)
    }

    public func commit(_ transaction: StoreTransaction) async throws(StoreError) -> StoreCommit {
        try StoreLimits.check(transaction)
        return try change { table in
            let (commit, changed) = table.commit(transaction)
            if !changed.isEmpty { hub.announce([WatchHub.News(revision: table.revision, keys: changed)]) }
            return commit
        }
    }

    public func watch(prefix: String, after revision: Int64) -> AsyncThrowingStream<StoreWatchEvent, any Error> {
        Watcher.stream(prefix: prefix, after: revision, hub: hub) { [self] prefix, cursor throws(StoreError) in
            try table().page(prefix: prefix, after: cursor)
        }
    }

    public func watchPages(prefix: String, after revision: Int64) -> AsyncThrowingStream<[StoreWatchEvent], any Error> {
        Watcher.pages(prefix: prefix, after: revision, hub: hub) { [self] prefix, cursor throws(StoreError) in
            try table().page(prefix: prefix, after: cursor)
        }
    }

    public func compact(before revision: Int64) async throws(StoreError) {
        try change { $0.compact(before: revision) }
    }

    public func close() async {
        state.withLock { $0.isClosed = true }
        hub.close()
    }

    private func table() throws(StoreError) -> StoreTable {
        try change { $0 }
    }

    private func change<Result: Sendable>(_ body: (inout StoreTable) -> Result) throws(StoreError) -> Result {
        let result = state.withLock { $0.isClosed ? nil : body(&$0.table) }
        guard let result else { throw .closed }
        return result
    }
}
