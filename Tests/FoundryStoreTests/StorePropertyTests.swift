import Testing

@testable import FoundryStore

@Suite("Stores behave like the reference", .timeLimit(.minutes(2)))
struct StorePropertyTests {
    @Test("every answer and snapshot of random transactions equals the reference's", arguments: Seeds.all)
    func answersAgree(seed: UInt64) async throws {
        try await withDirectory { directory in
            let path = directory + "/store.sqlite"
            var options = SQLiteOptions()
            options.history = HistoryPolicy(keep: 40, slack: 10)
            var sqlite = try SQLiteStore(path: path, options: options, logger: quiet)
            let memory = MemoryStore(history: options.history)
            var table = StoreTable(history: options.history)
            var random = RandomTransactions(seed: seed)

            for step in 0..<600 {
                let transaction = random.next(table)
                let (expected, _) = table.commit(transaction)
                #expect(try await memory.commit(transaction) == expected, "seed \(seed), step \(step)")
                #expect(try await sqlite.commit(transaction) == expected, "seed \(seed), step \(step)")
                if random.generator.chance(3) {
                    let before = Int64.random(in: -1...table.revision + 5, using: &random.generator)
                    table.compact(before: before)
                    try await memory.compact(before: before)
                    try await sqlite.compact(before: before)
                }
                if random.generator.chance(2) {
                    await sqlite.close()
                    sqlite = try SQLiteStore(path: path, options: options, logger: quiet)
                }
                try await compare(sqlite, memory, table, &random.generator, "seed \(seed), step \(step)")
            }
            await sqlite.close()
        }
    }

    private func compare(
        _ sqlite: SQLiteStore, _ memory: MemoryStore, _ table: StoreTable, _ generator: inout SeededGenerator,
        _ place: Comment
    ) async throws {
        let prefix = generator.pick(RandomTransactions.prefixes)
        let key = generator.pick(RandomTransactions.keys)
        let cursor = Int64.random(in: max(0, table.revision - 60)...table.revision + 2, using: &generator)
        #expect(try await sqlite.get(key) == table[key], place)
        #expect(try await memory.get(key) == table[key], place)
        #expect(try await sqlite.list(prefix: prefix) == table.list(prefix: prefix), place)
        #expect(try await memory.list(prefix: prefix) == table.list(prefix: prefix), place)
        #expect(
            try await sqlite.read { try $0.page(prefix: prefix, after: cursor) }
                == table.page(prefix: prefix, after: cursor), place)
        #expect(try await sqlite.read { try $0.transactions(of: key) } == table.transactions(of: key), place)
    }

    @Test(
        "watches that run beside the commits tell what the reference's history holds", arguments: Seeds.all,
        Make.allCases)
    func watchesAgree(seed: UInt64, make: Make) async throws {
        try await make.run { store in
            let prefixes = ["/", "/a", "/a/", "/b/"]
            var table = StoreTable()
            var random = RandomTransactions(seed: seed)
            var watches: [(prefix: String, after: Int64, found: Task<[StoreWatchEvent], any Error>)] = []
            for step in 0..<300 {
                if step % 30 == 0 {
                    let prefix = random.generator.pick(prefixes)
                    let after = Int64.random(in: 0...table.revision, using: &random.generator)
                    let stream = store.watch(prefix: prefix, after: after)
                    watches.append(
                        (prefix, after, Task { try await collect(stream, until: StoreKey(prefix + "~end")) }))
                }
                let transaction = random.next(table)
                #expect(try await store.commit(transaction) == table.commit(transaction).commit)
            }
            let end = StoreTransaction(name: "end", operations: prefixes.map { .put(StoreKey($0 + "~end"), []) })
            #expect(try await store.commit(end) == table.commit(end).commit)
            for watch in watches {
                let expected = table.events(prefix: watch.prefix, after: watch.after)
                let told = try await watch.found.value
                // The last transaction changes keys of other prefixes, too: what follows one's own end is not awaited.
                #expect(
                    told == Array(expected.prefix(told.count)), "seed \(seed), \(watch.prefix) after \(watch.after)")
                #expect(told.last?.revision == expected.last?.revision, "seed \(seed)")
            }
        }
    }

    private func collect(
        _ stream: AsyncThrowingStream<StoreWatchEvent, any Error>, until end: StoreKey
    ) async throws -> [StoreWatchEvent] {
        var found: [StoreWatchEvent] = []
        for try await event in stream {
            found.append(event)
            if event.key == end { break }
        }
        return found
    }

    @Test("the history of many writers at once replays to what the store holds", arguments: Seeds.all, Make.allCases)
    func concurrentHistoryReplays(seed: UInt64, make: Make) async throws {
        try await make.run { store in
            let revisions = try await withThrowingTaskGroup(of: [Int64].self) { group in
                for writer in 0..<12 {
                    group.addTask { try await write(store, seed: seed &* 100 &+ UInt64(writer), count: 40) }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            let snapshot = try await store.list(prefix: "")
            #expect(Set(revisions).count == revisions.count, "two transactions got one revision")
            #expect(Set(revisions) == Set(1..<snapshot.revision + 1), "a revision has no transaction")

            // Every writer's transaction ends with a put, so the newest event's revision is the store's.
            var values: [StoreKey: StoredValue] = [:]
            var newest: Int64 = 0
            for try await event in store.watch(prefix: "", after: 0) {
                #expect(event.revision == newest || event.revision == newest + 1)
                newest = event.revision
                switch event {
                case .put(let value): values[value.key] = value
                case .delete(let key, _): values[key] = nil
                case .gap: Issue.record("a gap in a whole history")
                }
                if event.key == "/end", newest == snapshot.revision { break }
            }
            #expect(values.values.sorted { $0.key < $1.key } == snapshot.values)
        }
    }

    /// Writes blindly; each transaction ends with a put of `/end`.
    private func write(_ store: any Store, seed: UInt64, count: Int) async throws -> [Int64] {
        var random = RandomTransactions(seed: seed)
        var revisions: [Int64] = []
        for _ in 0..<count {
            var transaction = random.next(StoreTable())
            transaction.compares = []
            transaction.operations.append(.put("/end", []))
            guard case .committed(let revision) = try await store.commit(transaction) else { continue }
            revisions.append(revision)
        }
        return revisions
    }

    @Test("counting up by compare-and-set from many tasks loses no step", arguments: Make.allCases)
    func countingLosesNothing(make: Make) async throws {
        try await make.run { store in
            _ = try await store.commit(.put("/counter", "0"))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<10 {
                    group.addTask { for _ in 0..<20 { try await countUp(store) } }
                }
                try await group.waitForAll()
            }
            let counter = try #require(try await store.get("/counter"))
            #expect(counter.value == utf8("200"))
            #expect(counter.version == 201)
        }
    }

    private func countUp(_ store: any Store) async throws {
        while true {
            let counter = try #require(try await store.get("/counter"))
            let number = try #require(Int(String(decoding: counter.value, as: UTF8.self)))
            let commit = try await store.commit(
                .put("/counter", "\(number + 1)", if: [.revision("/counter", counter.revision)]))
            if case .committed = commit { return }
        }
    }
}
