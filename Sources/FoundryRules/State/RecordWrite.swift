import FoundryModel

/// One write of a store transaction, and what must be true of the record for it to happen.
public enum RecordWrite: Hashable, Sendable {
    case put(Record, expects: RecordExpectation)
    case delete(key: String, kind: RecordKind, expects: RecordExpectation)
    /// Nothing is written: the others happen only if this is true.
    case check(key: String, kind: RecordKind, expects: RecordExpectation)

    /// An app is still as it was seen.
    static func unchanged(_ app: Revised<AppRecord>) -> Self {
        .check(key: Record.app(app.value).key, kind: .app, expects: .seen(app))
    }

    public var key: String {
        switch self {
        case .put(let record, _): record.key
        case .delete(let key, _, _), .check(let key, _, _): key
        }
    }

    public var expectation: RecordExpectation {
        switch self {
        case .put(_, let expects), .delete(_, _, let expects), .check(_, _, let expects): expects
        }
    }
}

public enum RecordExpectation: Hashable, Sendable {
    case absent
    case revision(Int64)
    /// For what goes whatever it says by now: the status of a member that is removed.
    case any

    /// That the record is still as it was seen; nil: that there is none.
    public static func seen<Value>(_ record: Revised<Value>?) -> Self {
        record.map { .revision($0.revision) } ?? .absent
    }
}
