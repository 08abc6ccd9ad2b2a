/// What must be true for a transaction to be done.
public enum StoreCompare: Sendable, Equatable {
    /// There is no such key.
    case absent(StoreKey)
    /// The key exists, and this revision wrote it last.
    case revision(StoreKey, Int64)
    /// The key exists.
    case exists(StoreKey)

    public var key: StoreKey {
        switch self {
        case .absent(let key), .revision(let key, _), .exists(let key): key
        }
    }

    /// Whether the comparison holds.
    ///
    /// - Parameter stored: the revision that last wrote the key, `nil` when there is no such key.
    func holds(stored: Int64?) -> Bool {
        switch self {
        case .absent: stored == nil
        case .revision(_, let wanted): stored == wanted
        case .exists: stored != nil
        }
    }
}

/// One change.
public enum StoreOperation: Sendable, Equatable {
    case put(StoreKey, [UInt8])
    /// Deleting a key that is absent is no error and no change.
    case delete(StoreKey)

    public var key: StoreKey {
        switch self {
        case .put(let key, _), .delete(let key): key
        }
    }
}

/// Comparisons and changes that are done together or not at all.
public struct StoreTransaction: Sendable, Equatable {
    /// The effect's or request's name, kept in the history for whoever asks who changed this.
    public var name: String
    /// Looked at in this order, before any operation.
    public var compares: [StoreCompare]
    /// Each key at most once.
    public var operations: [StoreOperation]

    public init(name: String, compares: [StoreCompare] = [], operations: [StoreOperation] = []) {
        self.name = name
        self.compares = compares
        self.operations = operations
    }
}

/// How a transaction ended.
public enum StoreCommit: Sendable, Equatable {
    case committed(revision: Int64)
    /// The key of the first comparison that did not hold. Nothing was changed.
    case conflict(StoreKey)
}
