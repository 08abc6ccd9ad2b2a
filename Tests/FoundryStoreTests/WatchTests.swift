import Testing

@testable import FoundryStore

@Suite("What a watch tells", .timeLimit(.minutes(1)))
struct WatchTests {
    @Test("history and news come in order, each once, and only below the prefix", arguments: Make.allCases)
    func inOrder(make: Make) async throws {
        try await make.run { store in
            _ = try await store.commit(.put("/a/1"))
            _ = try await store.commit(.put("/b/1"))
            let found = Task { try await store.events(4, prefix: "/a/") }
            try await eventually("the watcher sleeps") { sleepers(store) == 1 }
            _ = try await store.commit(.delete("/a/1"))
            _ = try await store.commit(.put("/b/2"))
            let both = StoreTransaction(
                name: "t", operations: [.put("/a/3", [3]), .put("/b/3", [3]), .put("/a/2", [2])])
            _ = try await store.commit(both)
            #expect(
                try await found.value == [
                    .put(StoredValue(key: "/a/1", value: utf8("x"), createRevision: 1, revision: 1, version: 1)),
                    .delete("/a/1", revision: 3),
                    .put(StoredValue(key: "/a/3", value: [3], createRevision: 5, revision: 5, version: 1)),
                    .put(StoredValue(key: "/a/2", value: [2], createRevision: 5, revision: 5, version: 1)),
                ])
        }
    }

    @Test("a revision is never torn, however the pages fall", arguments: Make.allCases)
    func revisionsAreWhole(make: Make) async throws {
        try await make.run { store in
            let operations = (0..<100).map { StoreOperation.put(StoreKey("/\($0)"), []) }
            for _ in 0..<9 { _ = try await store.commit(StoreTransaction(name: "t", operations: operations)) }
            let events = try await store.events(900)
            #expect(events.map(\.revision) == (1...9).flatMap { [Int64](repeating: $0, count: 100) })
        }
    }

    @Test("a page holds whole revisions", arguments: Make.allCases)
    func pagesAreWhole(make: Make) async throws {
        try await make.run { store in
            let operations = (0..<100).map { StoreOperation.put(StoreKey("/\($0)"), []) }
            for _ in 0..<9 { _ = try await store.commit(StoreTransaction(name: "t", operations: operations)) }
            var revisions: [Int64] = []
            for try await page in store.watchPages(prefix: "", after: 0) {
                let mine = Set(page.map(\.revision)).sorted()
                #expect(page.count == mine.count * 100 && revisions.last ?? 0 < mine[0])
                revisions += mine
                if revisions.last == 9 { break }
            }
            #expect(revisions == Array(1...9))
        }
    }

    @Test("who begins before the compacted history is told a gap first, then what is new", arguments: Make.allCases)
    func gapAfterCompaction(make: Make) async throws {
        try await make.run { store in
            try await store.churn("/a", times: 10)
            try await store.compact(before: 6)
            #expect(try await store.events(1, after: 4) == [.gap(resumeFrom: 10)])
            #expect(try await store.events(5, after: 5).map(\.revision) == [6, 7, 8, 9, 10])
            let found = Task { try await store.events(2, after: 0) }
            try await eventually("the watcher sleeps") { sleepers(store) == 1 }
            _ = try await store.commit(.put("/a"))
            #expect(try await found.value.map(\.revision) == [10, 11])
            #expect(try await store.list(prefix: "/").values.count == 1, "compaction must keep values")
        }
    }

    @Test("who begins beyond the newest revision is told a gap", arguments: Make.allCases)
    func gapFromTheFuture(make: Make) async throws {
        try await make.run { store in
            try await store.churn("/a", times: 3)
            #expect(try await store.events(1, after: 9) == [.gap(resumeFrom: 3)])
        }
    }

    @Test("a watcher that is too slow gets its page, a gap, and then goes on", arguments: Make.allCases)
    func slowWatcher(make: Make) async throws {
        try await make.run(history: HistoryPolicy(keep: 50, slack: 10)) { store in
            try await store.churn("/a", times: 5)
            var events = store.watch(prefix: "/", after: 0).makeAsyncIterator()
            #expect(try await events.next()?.revision == 1)
            try await store.churn("/a", times: 400)
            for revision in Int64(2)...5 { #expect(try await events.next()?.revision == revision) }
            #expect(try await events.next() == .gap(resumeFrom: 405))
            try await store.churn("/a", times: 20)
            for revision in Int64(406)...425 { #expect(try await events.next()?.revision == revision) }
        }
    }

    @Test("a watcher of a quiet prefix is not told a gap because others were busy", arguments: Make.allCases)
    func quietPrefix(make: Make) async throws {
        try await make.run(history: HistoryPolicy(keep: 20, slack: 5)) { store in
            let found = Task { try await store.events(1, prefix: "/quiet/") }
            try await eventually("the watcher sleeps") { sleepers(store) == 1 }
            try await store.churn("/busy", times: 300)
            _ = try await store.commit(.put("/quiet/1"))
            let events = try await found.value
            #expect(events.map(\.key) == ["/quiet/1"])
        }
    }

    @Test("closing ends the watches", arguments: Make.allCases)
    func closeEnds(make: Make) async throws {
        try await make.run { store in
            let asleep = Task { try await store.events(1) }
            try await eventually("the watcher sleeps") { sleepers(store) == 1 }
            await store.close()
            #expect(try await asleep.value.isEmpty)
            #expect(try await store.events(1).isEmpty)
        }
    }

    @Test("cancelling a task ends its watch and leaves nothing behind", arguments: Make.allCases)
    func cancelEnds(make: Make) async throws {
        try await make.run { store in
            for round in 0..<50 {
                let task = Task { try await store.events(1) }
                if round % 2 == 0 { try await eventually("the watcher sleeps") { sleepers(store) == 1 } }
                task.cancel()
                #expect(try await task.value.isEmpty)
            }
            #expect(sleepers(store) == 0)
        }
    }

    private func sleepers(_ store: any Store) -> Int {
        (store as? SQLiteStore)?.hub.sleepers ?? (store as? MemoryStore)?.hub.sleepers ?? 0
    }
}
