import Foundation
import GRDB
import Testing

@testable import FoundryStore

@Suite("Opening a store's file", .timeLimit(.minutes(1)))
struct OpeningTests {
    @Test("a second opener is refused with the holder's process id, until the first closes")
    func secondOpener() async throws {
        try await withDirectory { directory in
            let path = directory + "/store.sqlite"
            let first = try SQLiteStore(path: path, logger: quiet)
            let error = #expect(throws: StoreError.self) { try SQLiteStore(path: path, logger: quiet) }
            #expect(error?.code == .inUse)
            #expect(error?.detail?.contains("process \(getpid())") == true)
            await #expect(processExitsWith: .exitCode(42)) { [path = path as String] in
                do {
                    _ = try SQLiteStore(path: path, logger: quiet)
                } catch let error as StoreError {
                    exit(error.code == .inUse ? 42 : 1)
                }
            }
            #expect(try await first.commit(.put("/a")) == .committed(revision: 1))
            await first.close()
            let second = try SQLiteStore(path: path, logger: quiet)
            #expect(try await second.get("/a")?.revision == 1)
            await second.close()
        }
    }

    @Test("a database of another program is refused and left as it is, mode included")
    func foreignDatabase() async throws {
        try await withDirectory { directory in
            let path = directory + "/other.sqlite"
            let other = try DatabaseQueue(path: path)
            try await other.write { try $0.execute(sql: "CREATE TABLE precious (x)") }
            try other.close()
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            try refusedUntouched(path, .foreign)
            #expect(try mode(path) == 0o644)
        }
    }

    @Test("a database with another application's id is refused, even without tables")
    func foreignApplication() async throws {
        try await withDirectory { directory in
            let path = directory + "/other.sqlite"
            let other = try DatabaseQueue(path: path)
            try await other.write { try $0.execute(sql: "PRAGMA application_id = 77") }
            try other.close()
            try refusedUntouched(path, .foreign)
        }
    }

    @Test("a file that is no database is refused and left as it is", arguments: [20, 5000])
    func notADatabase(length: Int) async throws {
        try await withDirectory { directory in
            let path = directory + "/notes.txt"
            try Data(repeating: UInt8(ascii: "n"), count: length).write(to: URL(fileURLWithPath: path))
            try refusedUntouched(path, .foreign)
        }
    }

    @Test("a store of a newer version is refused and left as it is")
    func newerSchema() async throws {
        try await withDirectory { directory in
            let path = directory + "/store.sqlite"
            await (try SQLiteStore(path: path, logger: quiet)).close()
            let later = try DatabaseQueue(path: path)
            try await later.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99-from-the-future')") }
            try later.close()
            try refusedUntouched(path, .newer)
        }
    }

    @Test("a missing directory, a directory and a symbolic link are refused with a hint")
    func oddPaths() async throws {
        try await withDirectory { directory in
            let link = directory + "/link"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "elsewhere")
            let folder = directory + "/folder"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
            for path in [directory + "/none/store.sqlite", folder, link] {
                let error = #expect(throws: StoreError.self) { try SQLiteStore(path: path, logger: quiet) }
                #expect(error?.code == .unavailable)
                #expect(error?.hint != nil)
            }
        }
    }

    @Test("nobody else may read the store or the files beside it, also when they once could")
    func modes() async throws {
        try await withDirectory { directory in
            let path = directory + "/store.sqlite"
            for _ in 0..<2 {
                let store = try SQLiteStore(path: path, logger: quiet)
                _ = try await store.commit(.put("/a"))
                for suffix in ["", "-wal", "-shm", ".lock"] { #expect(try mode(path + suffix) == 0o600, "\(suffix)") }
                await store.close()
                try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: path)
            }
        }
    }

    @Test("a damaged database says so, says what to do, and is not touched")
    func damaged() async throws {
        try await withDirectory { directory in
            let path = directory + "/store.sqlite"
            let store = try SQLiteStore(path: path, logger: quiet)
            for number in 0..<50 {
                _ = try await store.commit(.put(StoreKey("/\(number)"), String(repeating: "v", count: 2000)))
            }
            await store.close()
            #expect(try Data(contentsOf: URL(fileURLWithPath: path + "-wal")).isEmpty, "a closed store is one file")
            var content = try Data(contentsOf: URL(fileURLWithPath: path))
            #expect(content.count > 100_000)
            content.replaceSubrange(4096..<content.count, with: Data(repeating: 0xA5, count: content.count - 4096))
            try content.write(to: URL(fileURLWithPath: path))

            let error = await #expect(throws: StoreError.self) {
                let damaged = try SQLiteStore(path: path, logger: quiet)
                _ = try await damaged.list(prefix: "/")
            }
            #expect(error?.code == .corrupt)
            #expect(error?.hint?.contains("backup") == true)
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == content)
        }
    }

    @Test("migrations only append: the first ones are the released ones")
    func migrationsAppend() async throws {
        #expect(SQLiteSchema.migrator.migrations.prefix(1) == ["1-values-and-history"])
        try await withSQLite { store, _ in
            let columns = try await store.read { table in
                try ["kv", "history", "meta"].map { name in
                    try String.fetchAll(table.db, sql: "SELECT name FROM pragma_table_info(?)", arguments: [name])
                }
            }
            #expect(
                columns == [
                    ["key", "value", "create_revision", "revision", "version"],
                    ["id", "revision", "key", "value", "create_revision", "version", "name"],
                    ["name", "value"],
                ])
        }
    }

    private func refusedUntouched(_ path: String, _ code: StoreError.Code) throws {
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        // Twice: a refusal lets the lock go.
        for _ in 0..<2 {
            let error = #expect(throws: StoreError.self) { try SQLiteStore(path: path, logger: quiet) }
            #expect(error?.code == code)
            #expect(error?.hint != nil)
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
}
