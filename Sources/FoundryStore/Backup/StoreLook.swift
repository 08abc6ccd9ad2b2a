import GRDB
import Synchronization

/// What a look at a store's file found. Nothing is changed, and nothing is repaired.
public struct StoreLook: Sendable {
    public var revision: Int64
    /// Sorted by key; as far as they could be read.
    public var values: [StoredValue]
    /// SQLite's own words; empty when the file is sound.
    public var damage: [String]
    /// Of a backup.
    public var header: StoreBackupHeader?

    private static let mostDamage = 20

    /// Looks at a store, whoever has it open.
    ///
    /// - Parameter scratch: a directory of the caller's.
    /// - Throws: ``StoreError/Code/corrupt`` when it cannot even be opened; ``StoreError/Code/foreign``, ``StoreError/Code/newer``,
    ///   ``StoreError/Code/unavailable``.
    public static func atStore(_ path: String, in scratch: String) throws(StoreError) -> Self {
        let lock: Mutex<LockFile?>
        do throws(StoreError) { lock = Mutex(try LockFile(path + ".lock")) } catch {
            if error.code == .inUse { return try at(path) }
            // A file system that is read-only takes no lock, and nobody writes to it.
            return try atCopy(of: path, in: scratch)
        }
        defer { extendLifetime(lock) }
        return try atCopy(of: path, in: scratch)
    }

    /// Looks at a database while others may use it: its log is left beside it.
    static func at(_ path: String) throws(StoreError) -> Self {
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            defer { try? queue.close() }
            return try queue.read { db in
                let words = try String.fetchAll(db, sql: "PRAGMA integrity_check(\(mostDamage))").filter { $0 != "ok" }
                let table = SQLiteTable(db: db)
                let list = try table.list(prefix: "")
                let ahead = list.values.filter { $0.revision > list.revision }.map {
                    "\($0.key) is of a revision to come"
                }
                return Self(revision: list.revision, values: list.values, damage: words + ahead)
            }
        } catch {
            throw StoreError(sqlite: error, path: path)
        }
    }

    /// Looks at a copy, so that nothing is left beside the file itself: of a backup, or of a store that nobody has open.
    ///
    /// - Parameter scratch: a directory of the caller's.
    public static func atCopy(of path: String, in scratch: String) throws(StoreError) -> Self {
        let copy = scratch + "/store.sqlite"
        defer { for suffix in ["", "-wal", "-shm", "-journal"] { StoreFile.remove(copy + suffix) } }
        let header = try StoreBackupFile.unpack(path, to: copy)
        var look = try at(copy)
        look.header = header
        return look
    }

    static func revision(of path: String) throws(StoreError) -> Int64 {
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            defer { try? queue.close() }
            return try queue.read { try SQLiteTable(db: $0).meta("revision") }
        } catch {
            throw StoreError(sqlite: error, path: path)
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "foundry-store-look"
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { db in
            try SQLiteSchema.check(db)
            guard try Int.fetchOne(db, sql: "PRAGMA application_id") == SQLiteSchema.applicationID else {
                throw StoreError(.foreign, "the file is empty, and no store", hint: "bring back a backup")
            }
            try db.execute(sql: "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
        }
        return configuration
    }
}
