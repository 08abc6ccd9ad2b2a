/// A value as the store holds it.
public struct StoredValue: Sendable, Equatable {
    public let key: StoreKey
    public let value: [UInt8]
    /// The store's revision that made the key; a key that was deleted and made again has a new one.
    public let createRevision: Int64
    /// The store's revision that last wrote the key: what ``StoreCompare/revision(_:_:)`` compares.
    public let revision: Int64
    /// How often the key was written since it was made, from 1.
    public let version: Int64

    public init(key: StoreKey, value: [UInt8], createRevision: Int64, revision: Int64, version: Int64) {
        self.key = key
        self.value = value
        self.createRevision = createRevision
        self.revision = revision
        self.version = version
    }
}

/// Values that were read together.
public struct StoreSnapshot: Sendable, Equatable {
    /// Sorted by key.
    public let values: [StoredValue]
    /// The revision of the whole store at the read: watch after it to miss nothing.
    public let revision: Int64

    public init(values: [StoredValue], revision: Int64) {
        self.values = values
        self.revision = revision
    }
}
