import Foundation
import FoundryModel
import Testing

@testable import FoundryStore

@Suite("Another store in the place of the present one", .timeLimit(.minutes(1)))
struct ReplacementTests {
    /// A store with 50 old values and one that lies in its log only, a backup of 50 newer ones, and the file of a whole replacement.
    private static func with(_ body: (_ path: String, _ backup: String) async throws -> Void) async throws {
        try await withDirectory { directory in
            let path = directory + "/store.sqlite"
            let other = directory + "/other.sqlite"
            try await BackupTests.fill(other, value: "n")
            let store = try SQLiteStore(path: other, logger: quiet)
            _ = try await store.backUp(to: directory + "/backup", source: BackupTests.source)
            await store.close()
            try await BackupTests.fill(path, value: "o")
            let open = try SQLiteStore(path: path, logger: quiet)
            _ = try await open.commit(.put("/log", "only"))
            // As a killed process leaves it: with its log.
            for suffix in ["", "-wal"] {
                try FileManager.default.copyItem(atPath: path + suffix, toPath: directory + "/kept" + suffix)
            }
            await open.close()
            for suffix in ["", "-wal"] {
                try? FileManager.default.removeItem(atPath: path + suffix)
                try FileManager.default.moveItem(atPath: directory + "/kept" + suffix, toPath: path + suffix)
            }
            try await body(path, directory + "/backup")
        }
    }

    private static func values(_ path: String) async throws -> [String: String] {
        let store = try SQLiteStore(path: path, logger: quiet)
        let list = try await store.list(prefix: "/")
        await store.close()
        return Dictionary(
            uniqueKeysWithValues: list.values.map { ($0.key.path, String(decoding: $0.value.prefix(4), as: UTF8.self)) }
        )
    }

    private static func isNew(_ values: [String: String]) -> Bool {
        values.count == 51 && values["/0"] == "nnnn" && values["/mark"] == "x"
    }
    private static func isOld(_ values: [String: String]) -> Bool {
        values.count == 51 && values["/0"] == "oooo" && values["/log"] == "only"
    }

    private static func prepare(_ store: SQLiteStore, _: StoreBackupHeader?) async throws(FoundryError) -> UInt16 {
        do { _ = try await store.commit(.put("/mark")) } catch { throw FoundryError(error) }
        return 3
    }

    @Test("it is put in place, and the one that was there is kept whole, with its log")
    func replaced() async throws {
        try await Self.with { path, backup in
            let outcome = try await StoreReplacement.replace(path, by: backup, prepare: Self.prepare)
            #expect(outcome.header?.installation == "abc123-c1" && outcome.generation == 3)
            let kept = try #require(outcome.kept)
            #expect(kept == path + ".before-3")
            #expect(Self.isNew(try await Self.values(path)))
            #expect(Self.isOld(try await Self.values(kept + "/store.sqlite")))
            // And back again, from its own file.
            let back = try await StoreReplacement.replace(path, by: kept + "/store.sqlite") {
                _, header throws(FoundryError) in
                header == nil ? 4 : 0
            }
            #expect(back.header == nil && back.kept == path + ".before-4")
            #expect(Self.isOld(try await Self.values(path)))
            #expect(Self.isNew(try await Self.values(path + ".before-4/store.sqlite")))
        }
    }

    @Test("Of its own file, and where there was none")
    func special() async throws {
        try await Self.with { path, backup in
            _ = try await StoreReplacement.replace(path, by: path) { _, _ throws(FoundryError) in 1 }
            #expect(Self.isOld(try await Self.values(path)))
            try FileManager.default.removeItem(atPath: path)
            let outcome = try await StoreReplacement.replace(path, by: backup, prepare: Self.prepare)
            #expect(outcome.kept == nil)
            #expect(Self.isNew(try await Self.values(path)))
        }
    }

    @Test(
        "killed at any moment of it, the next opener finds the new one in place, and the old one whole beside it",
        arguments: 0...5)
    func killed(steps: Int) async throws {
        try await Self.with { path, backup in
            // What a replacement has made before its first move.
            let other = path + "-made"
            _ = try await StoreReplacement.replace(other, by: backup, prepare: Self.prepare)
            let files = FileManager.default
            try files.moveItem(atPath: other, toPath: path + ".restored-3")
            let kept = path + ".before-3"
            let moves: [() throws -> Void] = [
                { try files.createDirectory(atPath: kept, withIntermediateDirectories: false) },
                { try files.moveItem(atPath: path + "-wal", toPath: kept + "/store.sqlite-wal") },
                { try? files.removeItem(atPath: path + "-shm") },
                { try files.moveItem(atPath: path, toPath: kept + "/store.sqlite") },
                { try files.moveItem(atPath: path + ".restored-3", toPath: path) },
            ]
            for move in moves.prefix(steps) { try move() }
            #expect(Self.isNew(try await Self.values(path)))
            #expect(Self.isOld(try await Self.values(kept + "/store.sqlite")))
            #expect(StoreReplacement.pending(path) == nil)
        }
    }

    @Test("what is half built is of no meaning, and what cannot be used changes nothing")
    func refused() async throws {
        try await Self.with { path, backup in
            try Data("half".utf8).write(to: URL(fileURLWithPath: path + ".restoring"))
            let cut = try Data(contentsOf: URL(fileURLWithPath: backup)).dropLast(5)
            try cut.write(to: URL(fileURLWithPath: backup))
            let error = await #expect(throws: FoundryError.self) {
                try await StoreReplacement.replace(path, by: backup, prepare: Self.prepare)
            }
            #expect(error?.code == .backupInvalid)
            let refusal = await #expect(throws: FoundryError.self) {
                try await StoreReplacement.replace(path, by: path) { _, _ throws(FoundryError) in
                    throw FoundryError(.conflict, "No.")
                }
            }
            #expect(refusal?.code == .conflict)
            #expect(Self.isOld(try await Self.values(path)))
            let left = try FileManager.default.contentsOfDirectory(atPath: String(path.dropLast("/store.sqlite".count)))
            #expect(!left.contains { $0.contains("restor") || $0.contains("before") }, "\(left)")
        }
    }

    @Test("a store that somebody has open is not replaced")
    func inUse() async throws {
        try await Self.with { path, backup in
            let store = try SQLiteStore(path: path, logger: quiet)
            let error = await #expect(throws: FoundryError.self) {
                try await StoreReplacement.replace(path, by: backup, prepare: Self.prepare)
            }
            #expect(error?.code == .storeUnavailable)
            await store.close()
            #expect(Self.isOld(try await Self.values(path)))
        }
    }
}
