import GRDB
import Logging
import Synchronization

/// The store of one machine: a SQLite file with a write-ahead log, synced before a commit is acknowledged.
///
/// One process at a time has it open. Commits that wait together share one sync; reads don't wait for writes.
public final class SQLiteStore: Store {
    public let path: String
    private let options: SQLiteOptions
    private let logger: Logger
    let pool: DatabasePool
    private let lock: Mutex<LockFile?>
    let hub: WatchHub
    let queue: CommitQueue

    /// Opens the store, making it if the file is missing. The directory must exist.
    ///
    /// Short, but it blocks: for the start of a process.
    /// - Throws: ``StoreError/Code/inUse``, ``StoreError/Code/foreign``, ``StoreError/Code/newer``,
    ///   ``StoreError/Code/corrupt``, ``StoreError/Code/unavailable``; the file is then as it was.
    public init(
        path: String, options: SQLiteOptions = SQLiteOptions(), logger: Logger = Logger(label: "foundry.store")
    ) throws(StoreError) {
        self.path = path
        self.options = options
        self.logger = logger
        lock = Mutex(try LockFile(path + ".lock"))
        try StoreReplacement.finish(path)
        let opened = try SQLiteOpening(path: path, options: options).open()
        pool = opened.pool
        hub = WatchHub(newest: opened.revision)
        queue = CommitQueue(bounds: options.queue)
        logger.debug("store opened", metadata: ["path": "\(path)", "revision": "\(opened.revision)"])
    }

    public func get(_ key: StoreKey) async throws(StoreError) -> StoredValue? {
        try await read { try $0.get(key) }
    }

    public func list(prefix: String) async throws(StoreError) -> StoreSnapshot {
        try await read { try $0.list(prefix: prefix) }
    }

    public func commit(_ transaction: StoreTransaction) async throws(StoreError) -> StoreCommit {
        try StoreLimits.check(transaction)
        let answer = await withCheckedContinuation { continuation in
            switch queue.submit(CommitQueue.Waiting(transaction: transaction, continuation: continuation)) {
            case .queued: break
            case .wakeWriter: pool.asyncWriteWithoutTransaction { self.drain($0) }
            case .refused(let error): continuation.resume(returning: .failure(error))
            }
        }
        return try answer.get()
    }

    public func watch(prefix: String, after revision: Int64) -> AsyncThrowingStream<StoreWatchEvent, any Error> {
        Watcher.stream(prefix: prefix, after: revision, hub: hub) { [self] prefix, cursor throws(StoreError) in
            try await read { try $0.page(prefix: prefix, after: cursor) }
        }
    }

    public func watchPages(prefix: String, after revision: Int64) -> AsyncThrowingStream<[StoreWatchEvent], any Error> {
        Watcher.pages(prefix: prefix, after: revision, hub: hub) { [self] prefix, cursor throws(StoreError) in
            try await read { try $0.page(prefix: prefix, after: cursor) }
        }
    }

    public func compact(before revision: Int64) async throws(StoreError) {
        try await write { db in
            try db.inTransaction(.immediate) {
                try SQLiteTable(db: db).compact(before: revision)
                return .commit
            }
        }
    }

    public func close() async {
        guard queue.close() else { return }
        do {
            // The writer works in order: when it answers, everything that was handed over before is done.
            // The log goes into the file, so that a closed store is one file.
            try await write { _ = try $0.checkpoint(.truncate) }
        } catch {
            logger.warning("log kept beside the store", metadata: ["path": "\(path)", "error": "\(error)"])
        }
        hub.close()
        do {
            try pool.close()
        } catch {
            logger.warning("store not closed cleanly", metadata: ["path": "\(path)", "error": "\(error)"])
        }
        lock.withLock { $0 = nil }
    }

    /// Runs on the writer until nobody waits.
    private func drain(_ db: Database) {
        let group = GroupCommit(db: db, history: options.history, path: path)
        while let batch = queue.take() {
            let outcome = group.run(batch.map(\.transaction))
            hub.announce(outcome.news)
            for (waiting, answer) in zip(batch, outcome.answers) { waiting.continuation.resume(returning: answer) }
            report(outcome)
        }
    }

    private func report(_ outcome: GroupCommit.Outcome) {
        for case .failure(let error) in outcome.answers.prefix(1) {
            logger.error("commit failed", metadata: ["path": "\(path)", "error": "\(error)"])
        }
    }
}

extension SQLiteStore {
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (SQLiteTable) throws -> Result
    ) async throws(StoreError) -> Result {
        do {
            return try await pool.read { try body(SQLiteTable(db: $0)) }
        } catch {
            throw StoreError(sqlite: error, path: path)
        }
    }

    /// Runs on the writer's connection, after everything that was handed over before. Not cancelled with its task.
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws(StoreError) -> Result {
        let path = path
        let answer = await withCheckedContinuation {
            (continuation: CheckedContinuation<Swift.Result<Result, StoreError>, Never>) in
            pool.asyncWriteWithoutTransaction { db in
                do {
                    continuation.resume(returning: .success(try body(db)))
                } catch {
                    continuation.resume(returning: .failure(StoreError(sqlite: error, path: path)))
                }
            }
        }
        return try answer.get()
    }
}
