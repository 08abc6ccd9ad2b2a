@testable import FoundryStore

/// Transactions as a hostile client makes them: few keys, so that they meet; right and wrong comparisons.
struct RandomTransactions {
    static let keys: [StoreKey] = [
        "/a/1", "/a/2", "/a/10", "/a/é", "/a/e\u{301}", "/a", "/a0", "/b/1", "/b/\u{10FFFD}", "/b/ÿ", "/c", "/a/1/deep",
    ]
    static let prefixes = ["", "/", "/a", "/a/", "/a/e", "/b/", "/b/1", "/none"]

    var generator: SeededGenerator
    private var number = 0

    init(seed: UInt64) { generator = SeededGenerator(seed) }

    /// - Parameter table: the state it will meet, for comparisons that hold more often than not.
    mutating func next(_ table: StoreTable) -> StoreTransaction {
        number += 1
        let compares = (0..<Int.random(in: 0...2, using: &generator)).map { _ in compare(table) }
        let keys = Self.keys.shuffled(using: &generator).prefix(Int.random(in: 0...5, using: &generator))
        return StoreTransaction(name: "t\(number)", compares: compares, operations: keys.map { operation($0) })
    }

    private mutating func compare(_ table: StoreTable) -> StoreCompare {
        let key = generator.pick(Self.keys)
        let isRight = generator.chance(85)
        switch (table[key], isRight) {
        case (let stored?, true): return generator.chance(50) ? .revision(key, stored.revision) : .exists(key)
        case (nil, true): return .absent(key)
        case (let stored?, false): return generator.chance(50) ? .revision(key, stored.revision - 1) : .absent(key)
        case (nil, false): return generator.chance(50) ? .revision(key, 0) : .exists(key)
        }
    }

    private mutating func operation(_ key: StoreKey) -> StoreOperation {
        if generator.chance(30) { return .delete(key) }
        let size = generator.chance(5) ? 9000 : Int.random(in: 0...40, using: &generator)
        return .put(key, (0..<size).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }
}

extension StoreTable {
    /// Everything a watcher would be told by now, page by page.
    func events(prefix: String, after revision: Int64) -> [StoreWatchEvent] {
        var found: [StoreWatchEvent] = []
        var cursor = revision
        while true {
            switch page(prefix: prefix, after: cursor) {
            case .gap(let resumeFrom):
                found.append(.gap(resumeFrom: resumeFrom))
                cursor = resumeFrom
            case .events(let events, let upTo):
                if events.isEmpty { return found }
                found += events
                cursor = upTo
            }
        }
    }
}
