import Foundation
import GRDB
import Testing

@testable import FoundryStore

@Suite("What was acknowledged stays", .timeLimit(.minutes(2)))
struct DurabilityTests {
    @Test("the writer syncs fully: the pool's own setting was replaced")
    func synchronousIsFull() async throws {
        try await withSQLite { store, _ in
            let settings = try await store.write { db in
                [
                    try Int.fetchOne(db, sql: "PRAGMA synchronous"),
                    try Int.fetchOne(db, sql: "PRAGMA busy_timeout"),
                    try Int.fetchOne(db, sql: "PRAGMA application_id"),
                ]
            }
            #expect(settings == [2, 5000, SQLiteSchema.applicationID])
            _ = try await store.commit(.put("/a"))
            #expect(try await store.write { try Int.fetchOne($0, sql: "PRAGMA synchronous") } == 2)
            #expect(try await store.write { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
        }
    }

    @Test("kill -9 of a process that writes from many tasks loses no acknowledged commit", arguments: [1, 40, 200])
    func killedWriter(acknowledgements: Int) async throws {
        try await withDirectory { directory in
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [directory = directory as String, acknowledgements = acknowledgements as Int] in
                try await DoomedWriter(directory: directory, acknowledgements: acknowledgements).run()
            }
            let text = try String(contentsOfFile: directory + "/acknowledged", encoding: .utf8)
            let acknowledged = text.split(separator: "\n").compactMap { Int64($0) }
            #expect(acknowledged.count >= acknowledgements)

            let store = try SQLiteStore(path: directory + "/store.sqlite", logger: quiet)
            let snapshot = try await store.list(prefix: "/")
            let held = Set(snapshot.values.map(\.revision))
            #expect(acknowledged.filter { !held.contains($0) } == [], "acknowledged, and gone")
            #expect(held == Set(1..<snapshot.revision + 1), "the store holds a prefix of the history")
            await store.close()
        }
    }

    @Test("a store that was abandoned without closing, copied while open, has every commit")
    func abandoned() async throws {
        try await withSQLite { store, path in
            try await store.churn("/a", times: 50)
            try await withDirectory { directory in
                let copy = directory + "/store.sqlite"
                try copyFiles(path, copy)
                let reopened = try SQLiteStore(path: copy, logger: quiet)
                #expect(try await reopened.list(prefix: "/") == store.list(prefix: "/"))
                await reopened.close()
            }
        }
    }

    @Test("a log that is cut anywhere opens as the state after some revision, whole", arguments: Seeds.all)
    func tornLog(seed: UInt64) async throws {
        try await withSQLite { store, path in
            var table = StoreTable()
            var random = RandomTransactions(seed: seed)
            var states = [table.list(prefix: "")]
            while states.count < 40 {
                let transaction = random.next(table)
                guard !table.commit(transaction).changed.isEmpty else { continue }
                _ = try await store.commit(transaction)
                states.append(table.list(prefix: ""))
            }
            let log = try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
            var seen = Set<Int64>()
            for _ in 0..<12 {
                // The schema lies in the first frames: a cut there is an empty store, which is made again.
                let length = Int.random(in: 0...log.count, using: &random.generator)
                let snapshot = try await openCut(path, log.prefix(length))
                #expect(snapshot == states[Int(snapshot.revision)], "seed \(seed), log cut at \(length)")
                seen.insert(snapshot.revision)
            }
            #expect(seen.count > 1, "the cuts should differ")
        }
    }

    private func openCut(_ path: String, _ log: Data) async throws -> StoreSnapshot {
        try await withDirectory { directory in
            let copy = directory + "/store.sqlite"
            try FileManager.default.copyItem(atPath: path, toPath: copy)
            try log.write(to: URL(fileURLWithPath: copy + "-wal"))
            let store = try SQLiteStore(path: copy, logger: quiet)
            let snapshot = try await store.list(prefix: "")
            await store.close()
            return snapshot
        }
    }

    private func copyFiles(_ from: String, _ to: String) throws {
        for suffix in ["", "-wal"] { try FileManager.default.copyItem(atPath: from + suffix, toPath: to + suffix) }
    }

    @Test("closing finishes what was handed over")
    func closeFinishes() async throws {
        try await withDirectory { directory in
            let path = directory + "/store.sqlite"
            let store = try SQLiteStore(path: path, logger: quiet)
            let gate = DispatchSemaphore(value: 0)
            store.pool.asyncWriteWithoutTransaction { _ in gate.wait() }
            let waiting = (0..<20).map { number in Task { try await store.commit(.put(StoreKey("/\(number)"))) } }
            try await eventually("all wait") { store.queue.count == 20 }
            let closing = Task { await store.close() }
            gate.signal()
            await closing.value
            for task in waiting { _ = try await task.value }
            let again = try SQLiteStore(path: path, logger: quiet)
            #expect(try await again.list(prefix: "/").values.count == 20)
            await again.close()
        }
    }
}

/// Runs in a process of its own: writes from many tasks, notes each acknowledged revision, and kills itself in the middle.
struct DoomedWriter {
    let directory: String
    let acknowledgements: Int

    func run() async throws {
        let store = try SQLiteStore(path: directory + "/store.sqlite", logger: quiet)
        let file = open(directory + "/acknowledged", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        let left = Countdown(acknowledgements)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    for number in 0..<10_000 {
                        let commit = try await store.commit(.put(StoreKey("/\(writer)/\(number)")))
                        guard case .committed(let revision) = commit else { continue }
                        let line = Array("\(revision)\n".utf8)
                        _ = write(file, line, line.count)
                        if await left.isZero() { kill(getpid(), SIGKILL) }
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}

private actor Countdown {
    private var left: Int

    init(_ count: Int) { left = count }

    func isZero() -> Bool {
        left -= 1
        return left <= 0
    }
}
