import GRDB

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What ``StoreTable`` does, in SQL. Every function runs inside a transaction of its caller's.
struct SQLiteTable {
    let db: Database

    func meta(_ name: String) throws -> Int64 {
        let statement = try db.cachedStatement(sql: "SELECT value FROM meta WHERE name = ?")
        guard let value = try Int64.fetchOne(statement, arguments: [name]) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "meta lacks the row \(name)")
        }
        return value
    }

    func get(_ key: StoreKey) throws -> StoredValue? {
        let statement = try db.cachedStatement(
            sql: "SELECT key, value, create_revision, revision, version FROM kv WHERE key = ?")
        return try Row.fetchOne(statement, arguments: [key.path]).map(Self.stored)
    }

    func list(prefix: String) throws -> StoreSnapshot {
        let statement = try db.cachedStatement(
            sql: """
                SELECT key, value, create_revision, revision, version FROM kv
                WHERE key >= ? AND key < ? ORDER BY key
                """)
        let rows = try Row.fetchCursor(statement, arguments: [prefix, Self.end(of: prefix)])
        var values: [StoredValue] = []
        while let row = try rows.next() { values.append(Self.stored(row)) }
        return StoreSnapshot(values: values, revision: try meta("revision"))
    }

    /// - Parameter revision: the store's newest; grows by one when the transaction changed something.
    /// - Returns: how the transaction ended, and the keys it changed.
    func commit(
        _ transaction: StoreTransaction, revision: inout Int64
    ) throws -> (commit: StoreCommit, changed: [StoreKey]) {
        for compare in transaction.compares {
            let statement = try db.cachedStatement(sql: "SELECT revision FROM kv WHERE key = ?")
            let stored = try Int64.fetchOne(statement, arguments: [compare.key.path])
            guard compare.holds(stored: stored) else { return (.conflict(compare.key), []) }
        }
        var changed: [StoreKey] = []
        for operation in transaction.operations {
            let done = try apply(operation, at: revision + 1, name: transaction.name)
            if done { changed.append(operation.key) }
        }
        if !changed.isEmpty { revision += 1 }
        return (.committed(revision: revision), changed)
    }

    func setRevision(_ revision: Int64) throws {
        try run("UPDATE meta SET value = ? WHERE name = 'revision'", [revision])
    }

    func compact(before revision: Int64) throws {
        let upTo = min(revision - 1, try meta("revision"))
        guard try upTo > meta("compacted") else { return }
        try run("DELETE FROM history WHERE revision <= ?", [upTo])
        try run("UPDATE meta SET value = ? WHERE name = 'compacted'", [upTo])
    }

    func page(prefix: String, after cursor: Int64) throws -> HistoryPage {
        let newest = try meta("revision")
        guard try cursor >= meta("compacted"), cursor <= newest else { return .gap(resumeFrom: newest) }
        let statement = try db.cachedStatement(
            sql: """
                SELECT key, value, create_revision, revision, version FROM history
                WHERE revision > ? AND key >= ? AND key < ? ORDER BY revision, id
                """)
        let rows = try Row.fetchCursor(statement, arguments: [cursor, prefix, Self.end(of: prefix)])
        var page = HistoryPageBuilder()
        while let row = try rows.next() {
            guard page.add(Self.event(row)) else {
                return .events(page.events, upTo: page.events.last?.revision ?? cursor)
            }
        }
        return .events(page.events, upTo: newest)
    }

    /// The names of the transactions that changed a key, oldest first, as far as the history reaches.
    func transactions(of key: StoreKey) throws -> [String] {
        try String.fetchAll(
            db, sql: "SELECT name FROM history WHERE key = ? ORDER BY revision, id", arguments: [key.path])
    }

    /// - Returns: whether something changed.
    private func apply(_ operation: StoreOperation, at revision: Int64, name: String) throws -> Bool {
        switch operation {
        case .put(let key, let bytes):
            let value = Data(bytes)
            try run(
                """
                INSERT INTO kv (key, value, create_revision, revision, version) VALUES (?, ?, ?, ?, 1)
                ON CONFLICT (key) DO UPDATE SET value = excluded.value, revision = excluded.revision, version = version + 1
                """, [key.path, value, revision, revision])
            try run(
                """
                INSERT INTO history (revision, key, value, create_revision, version, name)
                SELECT revision, key, value, create_revision, version, ? FROM kv WHERE key = ?
                """, [name, key.path])
            return true
        case .delete(let key):
            try run("DELETE FROM kv WHERE key = ?", [key.path])
            guard db.changesCount > 0 else { return false }
            try run("INSERT INTO history (revision, key, name) VALUES (?, ?, ?)", [revision, key.path, name])
            return true
        }
    }

    private func run(_ sql: String, _ arguments: StatementArguments) throws {
        try db.cachedStatement(sql: sql).execute(arguments: arguments)
    }

    /// The end of the keys that begin with a prefix: no key holds this character.
    private static func end(of prefix: String) -> String { prefix + "\u{10FFFF}" }

    private static func stored(_ row: Row) -> StoredValue {
        StoredValue(
            key: StoreKey(row[0]), value: [UInt8](row[1] as Data), createRevision: row[2], revision: row[3],
            version: row[4])
    }

    private static func event(_ row: Row) -> StoreWatchEvent {
        let isDelete: Bool = row.hasNull(atIndex: 1)
        return isDelete ? .delete(StoreKey(row[0]), revision: row[3]) : .put(stored(row))
    }
}
