import Foundation
import FoundryEffects
import FoundryModel
import FoundryRules
import FoundryStore
import Logging
import Testing

@testable import FoundryServer

@Suite("Backup, restore and check of an installation's store")
struct StoreCareTests {
    /// A data directory whose store has an app, and that nobody uses.
    private static func with(
        instance: String = "abc123", cell: String = "cell-1", _ body: (Paths, StoreCare) async throws -> Void
    ) async throws {
        let paths = Paths(data: "/var/tmp/foundry-care-\(UUID().uuidString.prefix(8))", instance: instance)
        try FileManager.default.createDirectory(atPath: paths.data, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: paths.data) }
        try "\(cell)\n".write(toFile: paths.cellID, atomically: true, encoding: .utf8)
        let store = try SQLiteStore(path: paths.store)
        let cellRecord = CellRecord(
            id: try #require(CellID(cell)), zone: "default",
            capacity: CellCapacity(memory: .gigabytes(1), cpu: Millicores(1000), disk: .gigabytes(1)), machineID: "m",
            bootID: "b")
        let token = TokenRecord(
            name: try #require(TokenName("ci")), hash: "00", isReadOnly: true,
            createdAt: Timestamp(millisecondsSince1970: 1),
            createdBy: "operator", expiresAt: nil)
        let events = (0..<40).map { number in
            RecordWrite.put(
                .event(
                    EventRecord(
                        id: EventID("e\(number)")!, time: Timestamp(millisecondsSince1970: Int64(number)),
                        kind: .appPushed,
                        app: nil, subject: "demo", message: String(repeating: "m", count: 900), actor: "ci")),
                expects: .absent)
        }
        for writes in [[.put(.cell(cellRecord), expects: .absent), .put(.token(token), expects: .absent)], events] {
            _ = try await store.commit(try StoreTransaction(name: "test", writes: writes, coding: .plain))
        }
        await store.close()
        try GenerationFile(paths).note(0)
        try await body(paths, StoreCare(paths))
    }

    private static func change(_ path: String, _ change: (inout Data) -> Void) throws -> Data {
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        change(&bytes)
        try bytes.write(to: URL(fileURLWithPath: path))
        return bytes
    }

    @Test("a backup put back has every record, in a generation above all that were; what was there is kept, and sound")
    func roundTrip() async throws {
        try await Self.with { paths, care in
            let backup = paths.data + "/b"
            let header = try await care.backUp(to: backup)
            #expect(header.installation == "abc123-cell-1" && header.generation == 0)
            let found = try care.check(backup)
            #expect(found.isSound && found.isOurs == true && found.records == 42 && found.takenAt != nil)
            try GenerationFile(paths).note(6)
            let restored = try await care.restore(backup)
            #expect(restored.generation == 7 && GenerationFile(paths).newest == 7 && restored.unreadable == [])
            #expect(restored.takenAt == found.takenAt)
            let now = try care.check()
            // The cluster's record and the event of the restore came to them.
            #expect(now.isSound && now.records == 44 && now.generation == 7 && now.isOurs == nil)
            let kept = try #require(restored.kept) + "/store.sqlite"
            #expect(try care.check(kept).records == 42)
            let again = try await care.restore(kept)
            #expect(again.generation == 8 && again.takenAt == nil && FileManager.default.fileExists(atPath: kept))
        }
    }

    @Test("another installation's is refused, as a backup and as a store, and changes nothing")
    func foreign() async throws {
        try await Self.with(instance: "abc999", cell: "cell-9") { others, othersCare in
            _ = try await othersCare.backUp(to: others.data + "/b")
            try await Self.with { paths, care in
                let before = try Data(contentsOf: URL(fileURLWithPath: paths.store))
                for file in [others.data + "/b", others.store] {
                    let error = await #expect(throws: FoundryError.self) { try await care.restore(file) }
                    #expect(error?.code == .backupInvalid && error?.message.contains("another installation") == true)
                }
                #expect(try care.check(others.data + "/b").isOurs == false)
                #expect(try Data(contentsOf: URL(fileURLWithPath: paths.store)) == before)
                #expect(GenerationFile(paths).newest == 0)
            }
        }
    }

    @Test(
        "a store that is missing, empty, cut short or damaged is said to be so, left as it is, and comes back from the newest backup",
        arguments: ["missing", "empty", "short", "half", "page", "pages", "text"])
    func broken(how: String) async throws {
        try await Self.with { paths, care in
            let folder = BackupFolder(paths)
            try folder.make()
            for number in [9, 10] { _ = try await care.backUp(to: folder.path(number)) }
            var left: Data?
            switch how {
            case "missing": try FileManager.default.removeItem(atPath: paths.store)
            case "empty": left = try Self.change(paths.store) { $0 = Data() }
            case "short": left = try Self.change(paths.store) { $0 = $0.prefix(300) }
            case "half": left = try Self.change(paths.store) { $0 = $0.prefix($0.count / 2) }
            case "page":
                left = try Self.change(paths.store) {
                    $0.replaceSubrange(8_192..<12_288, with: Data(repeating: 0, count: 4_096))
                }
            case "pages":
                left = try Self.change(paths.store) {
                    $0.replaceSubrange(4_096..<$0.count, with: Data(repeating: 0xA5, count: $0.count - 4_096))
                }
            default: left = try Self.change(paths.store) { $0 = Data(repeating: UInt8(ascii: "x"), count: 9_000) }
            }
            var said: FoundryError?
            do throws(FoundryError) {
                let found = try care.check()
                #expect(!found.isSound, "\(how)")
            } catch { said = error }
            if how != "page" {
                #expect(said?.code == .storeUnavailable, "\(how): \(String(describing: said))")
                #expect(said?.hint?.contains("foundry store restore \(folder.path(10)) ") == true, "\(how)")
            }
            if ["missing", "empty"].contains(how) {
                // Such a store could be made anew, with nothing in it: that is refused.
                #expect(throws: FoundryError.self) { try care.requireStore() }
                await #expect(throws: FoundryError.self) { try await care.backUp(to: paths.data + "/b") }
            }
            #expect(FileManager.default.contents(atPath: paths.store) == left)
            let restored = try await care.restore(folder.path(10))
            #expect(try care.check().isSound)
            #expect(try care.check().records == 44)
            #expect(restored.kept.map { FileManager.default.contents(atPath: $0 + "/store.sqlite") ?? Data() } == left)
        }
    }

    @Test("a store that went back, by its log or by hand, is not served, and a restore of it is")
    func older() async throws {
        try await Self.with { paths, care in
            func isRefused() async throws -> Bool {
                let store = try SQLiteStore(path: paths.store)
                let outcome: Result<Void, FoundryError>
                do throws(FoundryError) { outcome = .success(try await care.requireCurrent(store)) } catch {
                    outcome = .failure(error)
                }
                await store.close()
                if case .failure(let error) = outcome {
                    #expect(error.code == .storeUnavailable && error.hint?.contains("foundry store restore") == true)
                    return true
                }
                return false
            }
            #expect(try await !isRefused())
            let old = try Data(contentsOf: URL(fileURLWithPath: paths.store))
            let store = try SQLiteStore(path: paths.store)
            _ = try await store.commit(StoreTransaction(name: "test", operations: [.put("/apps/x", [1])]))
            await store.close()
            let folder = BackupFolder(paths)
            try folder.make()
            _ = try await care.backUp(to: folder.path(1))
            #expect(try await !isRefused())
            try old.write(to: URL(fileURLWithPath: paths.store))
            #expect(try await isRefused())
            #expect(try await care.restore(paths.store).generation == 1)
            #expect(try await !isRefused())
            try old.write(to: URL(fileURLWithPath: paths.store))
            #expect(try await isRefused(), "of an earlier generation")
        }
    }

    @Test("records that cannot be read, lie under another key, or contradict others are named; a restore keeps them")
    func unsound() async throws {
        try await Self.with { paths, care in
            let store = try SQLiteStore(path: paths.store)
            let route = RouteRecord(
                id: RouteID("r1")!, app: AppID("gone")!, scope: .loopback, port: 20_000, targetPort: 1,
                createdAt: Timestamp(millisecondsSince1970: 1))
            let bytes = try RecordCoding.plain.encode(.route(route))
            _ = try await store.commit(
                StoreTransaction(
                    name: "test",
                    operations: [
                        .put("/apps/a", Array("{}".utf8)), .put("/odd/thing", [1]),
                        .put("/routes/loopback/20000", bytes),
                        .put("/routes/loopback/20001", bytes),
                    ]))
            await store.close()
            let found = try care.check()
            #expect(!found.isSound && found.damage == [])
            #expect(
                found.unreadable.map { $0.prefix { $0 != ":" } } == ["/apps/a", "/odd/thing", "/routes/loopback/20001"])
            #expect(
                found.flaws == [StoreFlaw(key: "/routes/loopback/20000", text: "is of app gone, which there is not")])
            _ = try await care.backUp(to: paths.data + "/b")
            #expect(try await care.restore(paths.data + "/b").unreadable.count == 3)
            #expect(try care.check().unreadable.count == 3)
        }
    }

    @Test("the platform takes its own backups, and lets the oldest go")
    func rotation() async throws {
        try await Bench.run(.sqlite) { bench in
            try "cell-1\n".write(toFile: bench.platform.paths.cellID, atomically: true, encoding: .utf8)
            let backups = bench.platform.backups
            let folder = BackupFolder(bench.platform.paths)
            let first = try await backups.rotate(bench.platform.view)
            #expect(!first, "nothing is worth it yet")
            try await bench.push(bench.redis)
            let second = try await backups.rotate(bench.platform.view)
            let third = try await backups.rotate(bench.platform.view)
            #expect(second && !third, "the third is an hour too early")
            for number in 2...30 {
                try FileManager.default.copyItem(atPath: folder.path(1), toPath: folder.path(number))
            }
            let old = Date(timeIntervalSince1970: 1)
            try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: folder.path(30))
            try Data().write(to: URL(fileURLWithPath: folder.fresh()))
            try await bench.push(bench.redis(named: "second"))
            let last = try await backups.rotate(bench.platform.view)
            #expect(last)
            #expect(folder.all.map(\.number) == Array(8...31))
            folder.clear()
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.directory).count == 24)
            #expect(
                try StoreBackupFile.verify(folder.path(31)).revision
                    > StoreBackupFile.verify(folder.path(1 + 7)).revision)
        }
    }
}

@Suite("The store's backup over the API")
struct StoreEndpointTests {
    @Test("whole, verified, and nothing is left behind; not for tokens that only read; told in the audit log")
    func backup() async throws {
        try await Bench.run(.sqlite) { bench in
            try "cell-1\n".write(toFile: bench.platform.paths.cellID, atomically: true, encoding: .utf8)
            try await bench.push(bench.redis)
            let reply = try await bench.call(.get, "/foundry/v1/store/backup")
            #expect(reply.status == 200)
            let path = bench.directory + "/got"
            try reply.body.write(to: URL(fileURLWithPath: path))
            let header = try StoreBackupFile.verify(path)
            #expect(header.installation == "abc123-cell-1" && header.revision <= bench.platform.feed.edition.revision)
            #expect(try FileManager.default.contentsOfDirectory(atPath: bench.platform.paths.backups).isEmpty)
            let reader = try #require(try await bench.token(#"{"name":"grafana","is_read_only":true}"#).token)
            #expect(try await bench.call(.get, "/foundry/v1/store/backup", token: reader).error?.code == .forbidden)
            #expect(try await bench.call(.get, "/foundry/v1/audit").text.contains("/foundry/v1/store/backup"))
            #expect(try await bench.call(.get, "/foundry/v1/store/backup?x=1").error?.code == .badRequest)
        }
    }

    @Test("a store in memory has none")
    func memory() async throws {
        try await Bench.run(.memory) { bench in
            #expect(try await bench.call(.get, "/foundry/v1/store/backup").error?.code == .storeUnavailable)
            let isTaken = try await bench.platform.backups.rotate(bench.platform.view)
            #expect(!isTaken)
        }
    }
}
