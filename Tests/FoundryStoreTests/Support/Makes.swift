import Foundation
import Logging
import Testing

@testable import FoundryStore

/// The makes of the store that have to behave alike.
enum Make: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case memory
    case sqlite

    var testDescription: String { rawValue }

    /// Runs a test on a fresh store, and closes and removes it.
    func run(
        history: HistoryPolicy = HistoryPolicy(), _ body: (any Store) async throws -> Void
    ) async throws {
        switch self {
        case .memory:
            let store = MemoryStore(history: history)
            try await body(store)
            await store.close()
        case .sqlite:
            try await withSQLite(history: history) { store, _ in try await body(store) }
        }
    }
}

/// A directory of its own, removed afterwards.
func withDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let path = "/var/tmp/foundry-store-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}

func withSQLite(
    history: HistoryPolicy = HistoryPolicy(), maximumPages: Int? = nil,
    queue: CommitQueue.Bounds = CommitQueue.Bounds(),
    _ body: (SQLiteStore, String) async throws -> Void
) async throws {
    try await withDirectory { directory in
        let path = directory + "/store.sqlite"
        var options = SQLiteOptions()
        options.history = history
        options.maximumPages = maximumPages
        options.queue = queue
        let store = try SQLiteStore(path: path, options: options, logger: quiet)
        try await body(store, path)
        await store.close()
    }
}

/// A log that nobody reads: these tests make errors on purpose.
let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

func utf8(_ text: String) -> [UInt8] { Array(text.utf8) }

extension StoreTransaction {
    static func put(_ key: StoreKey, _ text: String = "x", if compares: [StoreCompare] = []) -> StoreTransaction {
        StoreTransaction(name: "put", compares: compares, operations: [.put(key, utf8(text))])
    }

    static func delete(_ key: StoreKey) -> StoreTransaction {
        StoreTransaction(name: "delete", operations: [.delete(key)])
    }
}

extension Store {
    /// The next events of a watch, exactly so many.
    func events(_ count: Int, prefix: String = "/", after revision: Int64 = 0) async throws -> [StoreWatchEvent] {
        var found: [StoreWatchEvent] = []
        guard count > 0 else { return found }
        for try await event in watch(prefix: prefix, after: revision) {
            found.append(event)
            if found.count == count { break }
        }
        return found
    }

    /// Puts the same number of times; the history grows by as much.
    func churn(_ key: StoreKey, times: Int) async throws {
        for number in 0..<times { _ = try await commit(.put(key, "\(number)")) }
    }
}

/// Waits, with a limit, until something is so.
func eventually(_ what: String, _ condition: () async throws -> Bool) async throws {
    for _ in 0..<2000 {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(5))
    }
    Issue.record("never: \(what)")
}
