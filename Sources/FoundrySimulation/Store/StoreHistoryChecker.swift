import FoundryModel
import FoundryRules

/// What was wrong with the store's history: a defect of the simulation, never of the rules.
enum StoreViolation: Hashable, Sendable {
    /// A transaction that was asked for after another was acknowledged came before it.
    case orderedBeforeAcknowledged(revision: Int64, floor: Int64)
    case comparisonIgnored(key: String)
    case conflictWithoutCause
    case revisionSkipped(Int64)
    case acknowledgedTwice(Int64)
    case acknowledgedWrongly(told: Int64)
    case readStale(revision: Int64, floor: Int64)
    case readWrong(key: StoreKeyNumber)
    case memberWentBack(member: Int)
    case watchMissed(revision: Int64)
    case watchRepeated(revision: Int64)
}

/// Watches the store: that its history is linearizable, and that watches tell each change once, in order, or a gap.
///
/// It keeps a record of its own of which revision wrote what, and for each request the newest revision that anybody knew of when it
/// was asked. As all transactions have one order, real time is respected exactly if each lies behind that revision.
struct StoreHistoryChecker {
    private struct Line {
        var key: StoreKeyNumber
        var kind: UInt8
        var revision: Int64
    }

    private(set) var violations: [StoreViolation] = []
    /// The newest revision that was acknowledged, or read, by anybody.
    private(set) var floor: Int64 = 0
    private var newest: Int64 = 0
    /// By number of the key; 0 where there is none.
    private var revisions: [Int64] = []
    private var log: [Line] = []
    private var logStart = 0
    /// What came before was forgotten by the store.
    private var compacted: Int64 = 0
    /// By number of the request: transactions whose answers are under way.
    private var answersDue: [UInt64: Int64] = [:]
    private var memberRevisions: [Int64] = []
    /// By number of the watch: up to where it was told.
    private var watched: [UInt64: Int64] = [:]

    static let violationsKept = 100

    /// A transaction is about to be done.
    mutating func begin(_ writes: [RecordWrite], _ keys: StoreKeys, floor: Int64) {
        if newest < floor { report(.orderedBeforeAcknowledged(revision: newest, floor: floor)) }
        for write in writes where !write.expectation.holds(stored: stored(write, keys)) {
            report(.comparisonIgnored(key: write.key))
        }
    }

    mutating func conflicted(_ writes: [RecordWrite], _ keys: StoreKeys) {
        if writes.allSatisfy({ $0.expectation.holds(stored: stored($0, keys)) }) { report(.conflictWithoutCause) }
    }

    mutating func changed(_ change: StoreChange) {
        let isSame = log.count > logStart && log[log.count - 1].revision == change.revision
        if !isSame, change.revision != newest + 1 { report(.revisionSkipped(change.revision)) }
        newest = max(newest, change.revision)
        while revisions.count <= Int(change.key) { revisions.append(0) }
        revisions[Int(change.key)] = change.stored == nil ? 0 : change.revision
        log.append(Line(key: change.key, kind: change.kind, revision: change.revision))
    }

    mutating func committed(_ request: UInt64, revision: Int64) { answersDue[request] = revision }

    /// No answer reaches the client.
    mutating func unanswered(_ request: UInt64) { answersDue[request] = nil }

    /// An answer reaches its client.
    mutating func answered(_ request: UInt64, _ answer: StoreAnswer) {
        switch answer {
        case .committed(let revision):
            switch answersDue.removeValue(forKey: request) {
            case revision: break
            case nil: report(.acknowledgedTwice(revision))
            case .some: report(.acknowledgedWrongly(told: revision))
            }
            floor = max(floor, revision)
        case .snapshot, .conflict, .alive, .unavailable: break
        }
    }

    /// A linearizable read, when it is carried out.
    mutating func read(_ snapshot: StoreSnapshot, _ query: StoreQuery, floor: Int64) {
        if snapshot.revision < floor { report(.readStale(revision: snapshot.revision, floor: floor)) }
        for entry in snapshot.entries where revisions[Int(entry.key)] != entry.revision {
            report(.readWrong(key: entry.key))
        }
        if query == .all, snapshot.entries.count != revisions.count(where: { $0 > 0 }) { report(.readWrong(key: -1)) }
        // What one client has read, the next one must see, too.
        self.floor = max(self.floor, snapshot.revision)
    }

    mutating func readSerializable(_ snapshot: StoreSnapshot, member: Int) {
        while memberRevisions.count <= member { memberRevisions.append(0) }
        if snapshot.revision < memberRevisions[member] { report(.memberWentBack(member: member)) }
        memberRevisions[member] = snapshot.revision
        for entry in snapshot.entries where entry.revision > snapshot.revision { report(.readWrong(key: entry.key)) }
    }

    mutating func watchBegan(_ watch: UInt64, after revision: Int64) { watched[watch] = revision }

    mutating func watchEnded(_ watch: UInt64) { watched[watch] = nil }

    mutating func watchGap(_ watch: UInt64, resumeFrom revision: Int64) { watched[watch] = revision }

    /// A watch was told these changes, and with them knows everything up to a revision.
    mutating func watchTold(_ watch: UInt64, _ kinds: StoreKinds, _ page: [StoreChange], upTo position: Int64) {
        guard let before = watched[watch] else { return }
        if before < compacted { report(.watchMissed(revision: compacted)) }
        var told = page[...]
        var index = firstIndex(after: before)
        while index < log.count, log[index].revision <= position {
            let line = log[index]
            index += 1
            guard kinds.contains(line.kind) else { continue }
            guard let change = told.popFirst(), change.key == line.key, change.revision == line.revision else {
                report(.watchMissed(revision: line.revision))
                break
            }
        }
        if let extra = told.first { report(.watchRepeated(revision: extra.revision)) }
        watched[watch] = position
    }

    /// The store has forgotten revisions up to this one: no watch may be told of them any more.
    mutating func compacted(to revision: Int64) {
        compacted = revision
        logStart = firstIndex(after: revision)
        if logStart * 2 > log.count, logStart > 256 {
            log.removeFirst(logStart)
            logStart = 0
        }
    }

    /// The store was restored: what was acknowledged after the backup is gone, and that is known.
    mutating func restart(from table: StoreTable) {
        newest = table.revision
        compacted = table.revision
        floor = table.revision
        revisions = table.values.map { $0?.revision ?? 0 }
        log = []
        logStart = 0
        answersDue = [:]
        memberRevisions = []
    }

    private func stored(_ write: RecordWrite, _ keys: StoreKeys) -> Int64? {
        guard let key = keys.number(of: write.key), Int(key) < revisions.count, revisions[Int(key)] > 0 else {
            return nil
        }
        return revisions[Int(key)]
    }

    private func firstIndex(after revision: Int64) -> Int {
        var low = logStart
        var high = log.count
        while low < high {
            let middle = (low + high) / 2
            if log[middle].revision > revision { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private mutating func report(_ violation: StoreViolation) {
        if violations.count < Self.violationsKept { violations.append(violation) }
    }
}
