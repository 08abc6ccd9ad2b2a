import FoundryModel

/// Values by the number of their key: what one member has applied, or all of them have agreed on.
struct StoreTable {
    struct Value {
        var stored: StoredRecord
        var revision: Int64
    }

    private(set) var values: [Value?] = []
    /// The newest revision in it.
    var revision: Int64 = 0

    subscript(key: StoreKeyNumber) -> Value? {
        Int(key) < values.count ? values[Int(key)] : nil
    }

    mutating func apply(_ change: StoreChange) {
        while values.count <= Int(change.key) { values.append(nil) }
        values[Int(change.key)] = change.stored.map { Value(stored: $0, revision: change.revision) }
        revision = change.revision
    }
}

/// Numbers instead of texts: each key is known by the place at which it was first seen.
struct StoreKeys {
    private var numbers: [String: StoreKeyNumber] = [:]
    private(set) var texts: [String] = []
    /// By number.
    private(set) var kinds: [UInt8] = []
    private(set) var ofKind: [[StoreKeyNumber]] = RecordKind.allCases.map { _ in [] }
    private let places = Dictionary(uniqueKeysWithValues: RecordKind.allCases.enumerated().map { ($1, UInt8($0)) })

    func number(of key: String) -> StoreKeyNumber? { numbers[key] }

    mutating func intern(_ key: String, _ kind: RecordKind) -> StoreKeyNumber {
        if let known = numbers[key] { return known }
        let number = StoreKeyNumber(texts.count)
        guard let place = places[kind] else { preconditionFailure("every kind has its place") }
        numbers[key] = number
        texts.append(key)
        kinds.append(place)
        ofKind[Int(place)].append(number)
        return number
    }

    func keys(of kind: RecordKind) -> [StoreKeyNumber] { places[kind].map { ofKind[Int($0)] } ?? [] }
}

/// The newest changes, oldest first, with the times at which they were agreed on.
struct StoreHistory {
    private struct Line {
        var change: StoreChange
        var time: SimulationTime
    }

    private var lines: [Line] = []
    /// Lines before this index are forgotten; they are thrown away many at a time.
    private var start = 0
    /// Revisions up to this one are not known any more.
    private(set) var compacted: Int64 = 0

    var count: Int { lines.count - start }

    mutating func append(_ change: StoreChange, at time: SimulationTime) {
        lines.append(Line(change: change, time: time))
    }

    /// Forgets revisions up to this one.
    mutating func compact(to revision: Int64) {
        guard revision > compacted else { return }
        compacted = revision
        start = firstIndex(after: revision)
        if start * 2 > lines.count, start > 256 {
            lines.removeFirst(start)
            start = 0
        }
    }

    /// Nothing is known but that this revision is the newest.
    mutating func restart(at revision: Int64) {
        lines = []
        start = 0
        compacted = revision
    }

    /// The changes after a revision, at most up to another, in order; `body` says whether it wants more.
    func forEach(after revision: Int64, upTo last: Int64, _ body: (StoreChange) -> Bool) {
        var index = firstIndex(after: revision)
        while index < lines.count, lines[index].change.revision <= last, body(lines[index].change) { index += 1 }
    }

    /// The newest revision that was agreed on at `time` or before; nil when that is forgotten.
    func revision(at time: SimulationTime) -> Int64? {
        var index = lines.count
        while index > start, lines[index - 1].time > time { index -= 1 }
        return index > start ? lines[index - 1].change.revision : nil
    }

    /// The revision behind which there are at most so many changes, all of a revision counted together.
    func revision(beforeLast count: Int) -> Int64 {
        let index = lines.count - count
        return index > start ? lines[index - 1].change.revision : compacted
    }

    private func firstIndex(after revision: Int64) -> Int {
        var low = start
        var high = lines.count
        while low < high {
            let middle = (low + high) / 2
            if lines[middle].change.revision > revision { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
