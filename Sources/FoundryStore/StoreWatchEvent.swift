/// What a watch tells. All events of one revision are delivered before the next.
public enum StoreWatchEvent: Sendable, Equatable {
    case put(StoredValue)
    case delete(StoreKey, revision: Int64)
    /// Changes are missing: read again from a snapshot. The stream goes on after `resumeFrom`, and a snapshot read after
    /// this event is at that revision or a later one, so events up to the snapshot's revision may be skipped.
    case gap(resumeFrom: Int64)

    /// The revision that this event brings its reader to.
    public var revision: Int64 {
        switch self {
        case .put(let value): value.revision
        case .delete(_, let revision), .gap(let revision): revision
        }
    }
}
