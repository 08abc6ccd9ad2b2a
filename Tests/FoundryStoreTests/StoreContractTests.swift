import Testing

@testable import FoundryStore

@Suite("What every store promises", .timeLimit(.minutes(1)))
struct StoreContractTests {
    @Test("a put can be read, with its revisions and version", arguments: Make.allCases)
    func putIsRead(make: Make) async throws {
        try await make.run { store async throws in
            #expect(try await store.get("/a") == nil)
            #expect(try await store.commit(.put("/a", "one")) == .committed(revision: 1))
            #expect(try await store.commit(.put("/b", "other")) == .committed(revision: 2))
            #expect(try await store.commit(.put("/a", "two")) == .committed(revision: 3))
            let expected = StoredValue(key: "/a", value: utf8("two"), createRevision: 1, revision: 3, version: 2)
            #expect(try await store.get("/a") == expected)
        }
    }

    @Test("a key that was deleted and made again begins a new life", arguments: Make.allCases)
    func newLife(make: Make) async throws {
        try await make.run { store in
            _ = try await store.commit(.put("/a"))
            _ = try await store.commit(.delete("/a"))
            #expect(try await store.get("/a") == nil)
            _ = try await store.commit(.put("/a"))
            let stored = try #require(try await store.get("/a"))
            #expect((stored.createRevision, stored.version) == (3, 1))
        }
    }

    @Test("a conflict names the first comparison that failed and changes nothing", arguments: Make.allCases)
    func conflictChangesNothing(make: Make) async throws {
        try await make.run { store in
            _ = try await store.commit(.put("/a"))
            let transaction = StoreTransaction(
                name: "t", compares: [.exists("/a"), .absent("/b"), .revision("/a", 7), .exists("/c")],
                operations: [.put("/b", [1]), .delete("/a")])
            #expect(try await store.commit(transaction) == .conflict("/a"))
            #expect(try await store.list(prefix: "").values.map(\.key) == ["/a"])
            #expect(try await store.list(prefix: "").revision == 1)
        }
    }

    @Test("a transaction that changes nothing takes no revision", arguments: Make.allCases)
    func nothingTakesNoRevision(make: Make) async throws {
        try await make.run { store in
            _ = try await store.commit(.put("/a"))
            #expect(try await store.commit(.delete("/none")) == .committed(revision: 1))
            let look = StoreTransaction(name: "look", compares: [.revision("/a", 1)])
            #expect(try await store.commit(look) == .committed(revision: 1))
        }
    }

    @Test("keys are sorted and told apart by their bytes", arguments: Make.allCases)
    func keysAreBytes(make: Make) async throws {
        try await make.run { store in
            let keys: [StoreKey] = ["/a/e\u{301}", "/a/z", "/a/é", "/a/\u{10FFFD}"]
            for key in keys.reversed() { _ = try await store.commit(.put(key, key.path)) }
            #expect(try await store.list(prefix: "/a/").values.map(\.key) == keys)
            #expect(try await store.list(prefix: "/a/e").values.map(\.key) == ["/a/e\u{301}"])
        }
    }

    @Test("whatever passes a limit is refused and changes nothing", arguments: Make.allCases)
    func limits(make: Make) async throws {
        let long = StoreKey("/" + String(repeating: "k", count: 512))
        let big = [UInt8](repeating: 0, count: StoreLimits.valueBytes + 1)
        let nearlyBig = [UInt8](repeating: 0, count: StoreLimits.valueBytes)
        let many = (0...StoreLimits.operations).map { StoreOperation.put(StoreKey("/\($0)"), []) }
        let refused: [StoreTransaction] = [
            .put(long), .put(""), .put("no-slash"), .put("/line\nfeed"), .put("/nul\0"), .put("/\u{10FFFF}"),
            StoreTransaction(name: "t", operations: [.put("/big", big)]),
            StoreTransaction(name: "t", operations: many),
            StoreTransaction(name: "t", operations: (0..<9).map { .put(StoreKey("/\($0)"), nearlyBig) }),
            StoreTransaction(name: "t", operations: [.put("/twice", []), .delete("/twice")]),
            StoreTransaction(name: "t", compares: [.exists("no-slash")]),
            StoreTransaction(name: String(repeating: "n", count: 513), operations: [.put("/a", [])]),
        ]
        try await make.run { store async throws in
            for transaction in refused {
                let error = await #expect(throws: StoreError.self) { try await store.commit(transaction) }
                #expect(error?.code == .invalid)
            }
            #expect(try await store.list(prefix: "") == StoreSnapshot(values: [], revision: 0))
        }
    }

    @Test("a key of 512 bytes, a value of 1 MiB and 128 operations are taken", arguments: Make.allCases)
    func atTheLimits(make: Make) async throws {
        try await make.run { store in
            let key = StoreKey("/" + String(repeating: "k", count: 511))
            let value = (0..<StoreLimits.valueBytes).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            _ = try await store.commit(StoreTransaction(name: "t", operations: [.put(key, value)]))
            #expect(try await store.get(key)?.value == value)
            let many = (0..<StoreLimits.operations).map { StoreOperation.put(StoreKey("/many/\($0)"), []) }
            #expect(try await store.commit(StoreTransaction(name: "t", operations: many)) == .committed(revision: 2))
            #expect(try await store.list(prefix: "/many/").values.count == 128)
        }
    }

    @Test("a closed store refuses everything, and can be closed twice", arguments: Make.allCases)
    func closedRefuses(make: Make) async throws {
        try await make.run { store in
            _ = try await store.commit(.put("/a"))
            await store.close()
            await store.close()
            let calls: [() async throws -> Void] = [
                { _ = try await store.get("/a") },
                { _ = try await store.list(prefix: "/") },
                { _ = try await store.commit(.put("/a")) },
                { try await store.compact(before: 1) },
            ]
            for call in calls {
                let error = await #expect(throws: StoreError.self) { try await call() }
                #expect(error?.code == .closed)
            }
        }
    }
}
