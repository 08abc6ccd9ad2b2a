import GRDB

/// Opens a store's file step by step; each step refuses before the next one writes.
struct SQLiteOpening {
    let path: String
    let options: SQLiteOptions

    func open() throws(StoreError) -> (pool: DatabasePool, revision: Int64) {
        try StoreFile.prepare(path)
        do {
            let pool = try DatabasePool(path: path, configuration: configuration)
            try pool.writeWithoutTransaction(makeDurable)
            try SQLiteSchema.migrate(pool)
            return (pool, try pool.read { try SQLiteTable(db: $0).meta("revision") })
        } catch {
            throw StoreError(sqlite: error, path: path)
        }
    }

    private var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "foundry-store"
        configuration.busyMode = .timeout(options.busyTimeoutSeconds)
        configuration.maximumReaderCount = options.readers
        configuration.prepareDatabase { [path] db in
            // Comes before the pool writes anything.
            try SQLiteSchema.check(db)
            try StoreFile.restrict(path)
            try db.execute(sql: "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
        }
        return configuration
    }

    /// The pool sets `synchronous` to NORMAL when it turns the write-ahead log on, with which the last commits may be
    /// lost with the power. So it is set afterwards, and read back.
    private func makeDurable(_ db: Database) throws {
        try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 16777216")
        let synchronous = try Int.fetchOne(db, sql: "PRAGMA synchronous")
        let journal = try String.fetchOne(db, sql: "PRAGMA journal_mode")
        guard synchronous == 2, journal == "wal" else {
            throw StoreError(
                .unavailable, "the file system can't keep the store's promises",
                detail: "\(path): synchronous \(synchronous ?? -1), journal mode \(journal ?? "none")",
                hint: "put the data directory on a local disk")
        }
        if let pages = options.maximumPages { try db.execute(sql: "PRAGMA max_page_count = \(pages)") }
    }
}
