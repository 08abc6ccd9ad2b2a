import GRDB

/// The tables of a store's file. Migrations only append: a registered one is never edited, renamed or removed.
enum SQLiteSchema {
    /// "FDRY": how a file says that it is ours.
    static let applicationID = 0x4644_5259

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1-values-and-history") { db in
            try db.execute(
                sql: """
                    CREATE TABLE kv (
                        key TEXT NOT NULL PRIMARY KEY,
                        value BLOB NOT NULL,
                        create_revision INTEGER NOT NULL,
                        revision INTEGER NOT NULL,
                        version INTEGER NOT NULL
                    );
                    CREATE TABLE history (
                        id INTEGER PRIMARY KEY,
                        revision INTEGER NOT NULL,
                        key TEXT NOT NULL,
                        value BLOB,
                        create_revision INTEGER,
                        version INTEGER,
                        name TEXT NOT NULL
                    );
                    CREATE INDEX history_revision ON history (revision);
                    CREATE TABLE meta (
                        name TEXT NOT NULL PRIMARY KEY,
                        value INTEGER NOT NULL
                    );
                    INSERT INTO meta (name, value) VALUES ('revision', 0), ('compacted', 0);
                    """)
        }
        return migrator
    }

    /// Refuses a file of another program or of a newer version of this one. Reads only.
    static func check(_ db: Database) throws {
        try checkOwner(db)
        guard try !migrator.hasBeenSuperseded(db) else {
            throw StoreError(
                .newer, "the store was written by a newer version of foundry",
                hint: "install that version again; the file was left as it is")
        }
    }

    private static func checkOwner(_ db: Database) throws {
        let id = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        if id == applicationID { return }
        let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
        guard id == 0, tables == 0 else {
            throw StoreError(
                .foreign, "the store's file belongs to another program",
                detail: "application id \(id), \(tables) tables and indexes",
                hint: "choose another data directory; the file was left as it is")
        }
    }

    /// Marks a new file as ours and brings an older one to this schema.
    static func migrate(_ pool: DatabasePool) throws {
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA application_id = \(applicationID)") }
        try migrator.migrate(pool)
    }
}
