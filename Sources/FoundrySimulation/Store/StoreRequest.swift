import FoundryModel
import FoundryRules

/// What a client asks of the store.
enum StoreRequest {
    /// Compared and written together, or not at all. Linearizable.
    case commit([RecordWrite])
    /// Linearizable: everything acknowledged before it was asked for is seen.
    case read(StoreQuery)
    /// Answered by the member alone, from what it has applied: old, when it lags or was cut off.
    case readSerializable(StoreQuery)
    /// Not an operation of consensus: whoever takes itself for the leader answers it. No rule may build on it.
    case keepAlive
}

/// Which records are read.
enum StoreQuery: Hashable, Sendable {
    case all
    case kind(RecordKind)
    case key(String)
}

/// What came of a request. That no answer comes is possible too: then the outcome is unknown until the client reads.
enum StoreAnswer {
    /// A transaction that changed nothing is answered with the newest revision.
    case committed(revision: Int64)
    /// The key of the first comparison that did not hold; nothing was written.
    case conflict(key: String)
    case snapshot(StoreSnapshot)
    case alive
    /// The member does not run: nothing was done.
    case unavailable
}

/// A record in the store. One object is shared by all who read it.
final class StoredRecord: Sendable {
    let record: Record
    init(_ record: Record) { self.record = record }
}

/// A key, by the number under which the store knows it; ``SimulatedStore/text(of:)`` gives its text.
typealias StoreKeyNumber = Int32

struct StoreEntry {
    var key: StoreKeyNumber
    var stored: StoredRecord
    /// That last wrote it.
    var revision: Int64

    var record: Record { stored.record }
}

/// Records as of one revision, sorted by key.
struct StoreSnapshot {
    var revision: Int64
    var entries: [StoreEntry]
}

/// One change of the store's history.
struct StoreChange {
    var key: StoreKeyNumber
    /// By the place of its kind in `RecordKind.allCases`.
    var kind: UInt8
    /// nil: it was deleted.
    var stored: StoredRecord?
    var revision: Int64

    var record: Record? { stored?.record }
}

/// What a watch tells.
enum WatchNews {
    /// In order; all changes of a revision come together.
    case changes([StoreChange])
    /// Changes are missing: read again. It goes on after this revision.
    case gap(resumeFrom: Int64)
    /// The watch has ended.
    case broken
}

/// Kinds of records that a watch follows.
struct StoreKinds: Hashable, Sendable {
    fileprivate(set) var bits: UInt32

    static let all = Self(bits: .max)

    private init(bits: UInt32) { self.bits = bits }

    init(_ kinds: [RecordKind]) {
        bits = 0
        for (place, kind) in RecordKind.allCases.enumerated() where kinds.contains(kind) { bits |= 1 << UInt32(place) }
    }

    @inline(__always)
    func contains(_ kind: UInt8) -> Bool { bits >> UInt32(kind) & 1 == 1 }
}

/// How the store mistreats its clients, beside what the network does to them.
struct StoreFaults: Hashable, Sendable {
    /// A request never reaches the store.
    var requestLoss = Rate.never
    /// A request is carried out, and its answer never comes.
    var answerLoss = Rate.never
    /// A watch is told of a gap where there is none.
    var watchGap = Rate.never
    /// Everything takes so many times as long.
    var slowness: Int64 = 1

    static let none = Self()
    static let usual = Self(requestLoss: 0.000_5, answerLoss: 0.001, watchGap: 0.000_2)
}
