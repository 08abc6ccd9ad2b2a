import Foundation
import GRDB
import Synchronization
import Testing

@testable import FoundryStore

@Suite("Commits that share a sync", .timeLimit(.minutes(1)))
struct GroupCommitTests {
    @Test("a conflict in a batch leaves its neighbours alone, and each sees what came before it")
    func conflictIsAlone() async throws {
        try await withSQLite { store, path in
            let batch: [StoreTransaction] = [
                .put("/a", "1", if: [.absent("/a")]),
                .put("/a", "2", if: [.absent("/a")]),
                .put("/b", "3", if: [.revision("/a", 1)]),
                .put("/c", "4", if: [.exists("/nobody")]),
                .delete("/a"),
                .put("/a", "5", if: [.absent("/a")]),
            ]
            let answers = try await run(batch, store, path)
            #expect(
                answers == [
                    .success(.committed(revision: 1)), .success(.conflict("/a")), .success(.committed(revision: 2)),
                    .success(.conflict("/nobody")), .success(.committed(revision: 3)),
                    .success(.committed(revision: 4)),
                ])
            let values = try await store.list(prefix: "/").values
            #expect(
                values.map { [$0.key.path, String(decoding: $0.value, as: UTF8.self)] } == [["/a", "5"], ["/b", "3"]])
        }
    }

    @Test("a batch gives the same answers as one transaction after the other", arguments: Seeds.all)
    func batchEqualsSequence(seed: UInt64) async throws {
        try await withSQLite { store, path in
            var table = StoreTable()
            var random = RandomTransactions(seed: seed)
            for _ in 0..<40 {
                // Made from the state at the batch's start, so many conflict.
                let batch = (0..<Int.random(in: 1...12, using: &random.generator)).map { _ in random.next(table) }
                let expected = batch.map { table.commit($0).commit }
                let answers = try await run(batch, store, path)
                #expect(try answers.map { try $0.get() } == expected, "seed \(seed)")
                #expect(try await store.list(prefix: "") == table.list(prefix: ""), "seed \(seed)")
            }
        }
    }

    @Test("what gathers while the writer is busy shares one transaction of the database")
    func batchesForm() async throws {
        try await withSQLite { store, _ in
            let counter = CommitCounter()
            store.pool.add(transactionObserver: counter, extent: .observerLifetime)
            let (entered, gate) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            store.pool.asyncWriteWithoutTransaction { _ in
                entered.signal()
                gate.wait()
            }
            entered.wait()
            let revisions = try await withThrowingTaskGroup(of: StoreCommit.self) { group in
                for number in 0..<100 { group.addTask { try await store.commit(.put(StoreKey("/\(number)"))) } }
                try await eventually("all wait") { store.queue.count == 100 }
                gate.signal()
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(revisions.count == 100)
            #expect(Set(revisions.map { "\($0)" }).count == 100, "two transactions share a revision")
            #expect(counter.count.withLock { $0 } == 1)
        }
    }

    @Test("a full queue refuses at once, and what waited is still done")
    func fullQueueRefuses() async throws {
        var bounds = CommitQueue.Bounds()
        bounds.transactions = 5
        try await withSQLite(queue: bounds) { store, _ in
            let (entered, gate) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            store.pool.asyncWriteWithoutTransaction { _ in
                entered.signal()
                gate.wait()
            }
            entered.wait()
            let waiting = (0..<5).map { number in Task { try await store.commit(.put(StoreKey("/\(number)"))) } }
            try await eventually("five wait") { store.queue.count == 5 }
            let error = await #expect(throws: StoreError.self) { try await store.commit(.put("/too-many")) }
            #expect(error?.code == .busy)
            gate.signal()
            for task in waiting { _ = try await task.value }
            #expect(try await store.list(prefix: "/").values.count == 5)
            #expect(try await store.commit(.put("/later")) == .committed(revision: 6))
        }
    }

    @Test("a full disk refuses what does not fit, takes what fits, and loses nothing")
    func fullDisk() async throws {
        try await withSQLite(maximumPages: 200) { store, path in
            _ = try await store.commit(.put("/before", "kept"))
            let big = StoreTransaction(name: "big", operations: [.put("/big", [UInt8](repeating: 7, count: 900_000))])
            let answers = try await run([.put("/small/1"), big, .put("/small/2")], store, path)
            #expect(try answers[0].get() == .committed(revision: 2))
            #expect(throws: StoreError.self) { try answers[1].get() }
            #expect(try answers[2].get() == .committed(revision: 3))
            let error = await #expect(throws: StoreError.self) { try await store.commit(big) }
            #expect(error?.code == .diskFull)
            #expect(error?.hint?.contains("df -h") == true)
            #expect(try await store.list(prefix: "/").values.map(\.key) == ["/before", "/small/1", "/small/2"])
            #expect(try await store.events(3).map(\.key) == ["/before", "/small/1", "/small/2"])
            #expect(try await store.commit(.put("/after")) == .committed(revision: 4))
        }
    }

    @Test("the automatic compaction keeps the newest revisions and the table small")
    func historyIsBounded() async throws {
        try await withSQLite(history: HistoryPolicy(keep: 100, slack: 20)) { store, _ in
            try await store.churn("/a", times: 1000)
            let kept = try await store.read { try Int.fetchOne($0.db, sql: "SELECT count(*) FROM history") ?? 0 }
            #expect((100...120).contains(kept))
            #expect(try await store.events(100, after: 900).map(\.revision) == Array(901...1000))
        }
    }

    private func run(
        _ batch: [StoreTransaction], _ store: SQLiteStore, _ path: String
    ) async throws -> [Result<StoreCommit, StoreError>] {
        try await store.write { db in
            GroupCommit(db: db, history: HistoryPolicy(), path: path).run(batch).answers
        }
    }
}

private final class CommitCounter: TransactionObserver, Sendable {
    let count = Mutex(0)

    func observes(eventsOfKind kind: DatabaseEventKind) -> Bool { true }
    func databaseDidChange(with event: DatabaseEvent) {}
    func databaseDidCommit(_ db: Database) { count.withLock { $0 += 1 } }
    func databaseDidRollback(_ db: Database) {}
}
