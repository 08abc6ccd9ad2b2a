import Foundation
import FoundryModel
import GRDB
import Testing

@testable import FoundryStore

@Suite("Backups of a store", .timeLimit(.minutes(1)))
struct BackupTests {
    static let source = StoreBackupHeader.Source(installation: "abc123-c1", generation: 2, takenAt: 1_000)

    @Test("taken while others write: of one revision, readable by its owner only, and nothing else is left")
    func underWrites() async throws {
        try await withSQLite { store, path in
            let writer = Task {
                var number = 0
                while !Task.isCancelled {
                    // Two keys that are one in every revision.
                    _ = try await store.commit(
                        StoreTransaction(
                            name: "both",
                            operations: [.put("/a", utf8("\(number)")), .put("/b", utf8("\(number)"))]))
                    number += 1
                }
                return number
            }
            let directory = String(path.dropLast("/store.sqlite".count))
            let scratch = directory + "/backup-scratch"
            try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: false)
            try await eventually("it writes") { try await store.list(prefix: "").revision > 5 }
            for number in 0..<5 {
                let backup = "\(directory)/backup-\(number)"
                let header = try await store.backUp(to: backup, source: Self.source)
                #expect(try StoreBackupFile.verify(backup) == header)
                let look = try StoreLook.atCopy(of: backup, in: scratch)
                #expect(look.header == header && look.damage.isEmpty && look.revision == header.revision)
                #expect(
                    Set(look.values.map(\.value)).count == 1
                        && look.values.map(\.revision) == [header.revision, header.revision])
                let mode = try FileManager.default.attributesOfItem(atPath: backup)[.posixPermissions] as? Int
                #expect(mode == 0o600)
            }
            writer.cancel()
            #expect(try await writer.value > 5)
            let left = try FileManager.default.contentsOfDirectory(atPath: directory).filter {
                !$0.hasPrefix("backup-")
            }
            #expect(
                Set(left).isSubset(of: ["store.sqlite", "store.sqlite-wal", "store.sqlite-shm", "store.sqlite.lock"]),
                "\(left)")
        }
    }

    @Test("its first line is its header, and what follows is a database for any SQLite")
    func form() async throws {
        try await Self.withBackup { backup, directory in
            let bytes = try Data(contentsOf: URL(fileURLWithPath: backup))
            let end = try #require(bytes.firstIndex(of: 0x0a))
            let header = try #require(try JSONSerialization.jsonObject(with: bytes[..<end]) as? [String: Any])
            #expect(header["kind"] as? String == "foundry-store-backup" && header["generation"] as? Int == 2)
            #expect(header["installation"] as? String == "abc123-c1" && header["takenAt"] as? Int == 1_000)
            try bytes[(end + 1)...].write(to: URL(fileURLWithPath: directory + "/plain.sqlite"))
            let queue = try DatabaseQueue(path: directory + "/plain.sqlite")
            #expect(try await queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM kv") } == 50)
            try queue.close()
        }
    }

    @Test("cut short, changed, lengthened, of another kind or of a newer version it is refused and left as it is")
    func damaged() async throws {
        try await Self.withBackup { backup, directory in
            let whole = try Data(contentsOf: URL(fileURLWithPath: backup))
            let scratch = directory + "/scratch"
            try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: false)
            let line = try #require(whole.firstIndex(of: 0x0a)) + 1
            var cases: [(Data, StoreError.Code)] = [
                (Data(), .foreign), (whole.prefix(line - 1), .foreign), (whole.prefix(line), .corrupt),
                (whole.prefix(line + 1), .corrupt), (whole.prefix(whole.count - 1), .corrupt),
                (whole + Data([0]), .corrupt),
                (Data("notes\nof somebody".utf8), .foreign), (Data(repeating: 0, count: 9_000), .foreign),
            ]
            for place in stride(from: line, to: whole.count, by: 7_919) {
                var changed = whole
                changed[place] ^= 1
                cases.append((changed, .corrupt))
            }
            let text = String(decoding: whole.prefix(line), as: UTF8.self)
            let newer = text.replacingOccurrences(of: "\"version\":1", with: "\"version\":2")
            cases.append((Data(newer.utf8) + whole[line...], .newer))
            for (bytes, code) in cases {
                let path = directory + "/damaged"
                try bytes.write(to: URL(fileURLWithPath: path))
                let error = #expect(throws: StoreError.self) { try StoreBackupFile.verify(path) }
                #expect(error?.code == code && error?.hint != nil, "\(bytes.count) bytes: \(String(describing: error))")
                #expect(throws: StoreError.self) { try StoreLook.atCopy(of: path, in: scratch) }
                #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
            }
        }
    }

    @Test("a place that cannot be written to keeps what it had")
    func unwritable() async throws {
        try await withSQLite { store, path in
            let error = await #expect(throws: StoreError.self) {
                try await store.backUp(to: path + "-none/backup", source: Self.source)
            }
            #expect(error?.code == .unavailable)
        }
    }

    @Test("a store that is damaged gives no backup")
    func ofDamaged() async throws {
        try await withDirectory { directory in
            let path = directory + "/store.sqlite"
            try await Self.fill(path)
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            bytes.replaceSubrange(16_384..<65_536, with: Data(repeating: 0xA5, count: 49_152))
            try bytes.write(to: URL(fileURLWithPath: path))
            let scratch = directory + "/scratch"
            try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: false)
            let look = Result { try StoreLook.atStore(path, in: scratch) }
            switch look {
            case .success(let look): #expect(!look.damage.isEmpty)
            case .failure(let error): #expect((error as? StoreError)?.code == .corrupt)
            }
            let error = await #expect(throws: StoreError.self) {
                let store = try SQLiteStore(path: path, logger: quiet)
                _ = try await store.backUp(to: directory + "/backup", source: Self.source)
            }
            #expect(error?.code == .corrupt && !FileManager.default.fileExists(atPath: directory + "/backup"))
        }
    }

    @Test("a look at a store leaves nothing beside it, and hinders nobody who has it open")
    func look() async throws {
        try await withDirectory { directory in
            let path = directory + "/store.sqlite"
            try await Self.fill(path)
            let scratch = directory + "/scratch"
            try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: false)
            let before = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
            let closed = try StoreLook.atStore(path, in: scratch)
            #expect(closed.revision == 50 && closed.values.count == 50 && closed.header == nil)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory).sorted() == before)
            #expect(try FileManager.default.contentsOfDirectory(atPath: scratch).isEmpty)
            let store = try SQLiteStore(path: path, logger: quiet)
            _ = try await store.commit(.put("/last"))
            #expect(try StoreLook.atStore(path, in: scratch).revision == 51)
            #expect(try await store.commit(.put("/later")) == .committed(revision: 52))
            await store.close()
        }
    }

    static func fill(_ path: String, value: String = "v") async throws {
        let store = try SQLiteStore(path: path, logger: quiet)
        for number in 0..<50 {
            _ = try await store.commit(.put(StoreKey("/\(number)"), String(repeating: value, count: 2000)))
        }
        await store.close()
    }

    static func withBackup(_ body: (String, String) async throws -> Void) async throws {
        try await withDirectory { directory in
            let path = directory + "/store.sqlite"
            try await fill(path)
            let store = try SQLiteStore(path: path, logger: quiet)
            _ = try await store.backUp(to: directory + "/backup", source: source)
            await store.close()
            try await body(directory + "/backup", directory)
        }
    }
}
