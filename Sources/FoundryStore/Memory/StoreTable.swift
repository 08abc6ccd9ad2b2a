/// The store as a value: what every make must behave like.
///
/// It decides what a transaction does and what a watcher may see, without locks, disks or tasks.
struct StoreTable: Sendable, Equatable {
    private struct Entry: Sendable, Equatable {
        let event: StoreWatchEvent
        let transaction: String
    }

    private(set) var revision: Int64 = 0
    /// The newest revision whose events are gone.
    private(set) var compacted: Int64 = 0
    private var values: [StoreKey: StoredValue] = [:]
    private var history: [Entry] = []
    private let policy: HistoryPolicy

    init(history policy: HistoryPolicy = HistoryPolicy()) {
        self.policy = policy
    }

    subscript(key: StoreKey) -> StoredValue? { values[key] }

    func list(prefix: String) -> StoreSnapshot {
        let found = values.values.filter { $0.key.hasPrefix(prefix) }.sorted { $0.key < $1.key }
        return StoreSnapshot(values: found, revision: revision)
    }

    /// - Returns: how the transaction ended, and the keys it changed.
    mutating func commit(_ transaction: StoreTransaction) -> (commit: StoreCommit, changed: [StoreKey]) {
        for compare in transaction.compares where !compare.holds(stored: values[compare.key]?.revision) {
            return (.conflict(compare.key), [])
        }
        let events = transaction.operations.compactMap { apply($0, at: revision + 1) }
        guard !events.isEmpty else { return (.committed(revision: revision), []) }
        revision += 1
        history += events.map { Entry(event: $0.event, transaction: transaction.name) }
        if let due = policy.due(newest: revision, compacted: compacted) { compact(before: due + 1) }
        return (.committed(revision: revision), events.map(\.key))
    }

    mutating func compact(before revision: Int64) {
        let upTo = min(revision - 1, self.revision)
        guard upTo > compacted else { return }
        compacted = upTo
        history.removeAll { $0.event.revision <= upTo }
    }

    func page(prefix: String, after cursor: Int64) -> HistoryPage {
        guard cursor >= compacted, cursor <= revision else { return .gap(resumeFrom: revision) }
        var page = HistoryPageBuilder()
        for entry in history where entry.event.revision > cursor && entry.event.isBelow(prefix) {
            guard page.add(entry.event) else {
                return .events(page.events, upTo: page.events.last?.revision ?? cursor)
            }
        }
        return .events(page.events, upTo: revision)
    }

    /// The names of the transactions that changed a key, oldest first, as far as the history reaches.
    func transactions(of key: StoreKey) -> [String] {
        history.filter { $0.event.key == key }.map(\.transaction)
    }

    private mutating func apply(
        _ operation: StoreOperation, at revision: Int64
    ) -> (key: StoreKey, event: StoreWatchEvent)? {
        switch operation {
        case .put(let key, let bytes):
            let old = values[key]
            let new = StoredValue(
                key: key, value: bytes, createRevision: old?.createRevision ?? revision, revision: revision,
                version: (old?.version ?? 0) + 1)
            values[key] = new
            return (key, .put(new))
        case .delete(let key):
            guard values.removeValue(forKey: key) != nil else { return nil }
            return (key, .delete(key, revision: revision))
        }
    }
}

extension StoreWatchEvent {
    /// The key that changed; a gap has none.
    var key: StoreKey? {
        switch self {
        case .put(let value): value.key
        case .delete(let key, _): key
        case .gap: nil
        }
    }

    func isBelow(_ prefix: String) -> Bool {
        key?.hasPrefix(prefix) ?? false
    }
}
