import FoundryModel

/// A stored value as its own type.
public struct Record<Value: Sendable>: Sendable {
    public let key: StoreKey
    public let value: Value
    /// The revision that wrote it last: compare it when you write it again.
    public let revision: Int64
    public let createRevision: Int64
    /// How often the key was written since it was made, from 1.
    public let version: Int64

    public init(key: StoreKey, value: Value, revision: Int64, createRevision: Int64, version: Int64) {
        self.key = key
        self.value = value
        self.revision = revision
        self.createRevision = createRevision
        self.version = version
    }

    /// Holds as long as nobody wrote the key since this was read.
    public var unchanged: StoreCompare { .revision(key, revision) }
}

extension Record: Equatable where Value: Equatable {}

/// Records that were read together.
public struct RecordList<Value: Sendable>: Sendable {
    /// Sorted by key.
    public let records: [Record<Value>]
    /// The keys whose values can't be read. They are untouched; act as if they were in use.
    public let unreadable: [StoreKey]
    /// Why, in the order of `unreadable`.
    public let errors: [StoreError]
    /// The revision of the whole store at the read.
    public let revision: Int64
}

extension Store {
    /// Reads one record.
    ///
    /// - Throws: ``StoreError/Code/unreadable`` when the stored bytes are of another shape; they stay as they are.
    public func get<Value>(_ key: StoreKey, _ codec: RecordCodec<Value>) async throws(StoreError) -> Record<Value>? {
        guard let stored = try await get(key) else { return nil }
        return try stored.record(codec)
    }

    /// Reads every record below a prefix; those that can't be read are named, and hide no others.
    public func list<Value>(
        prefix: String, _ codec: RecordCodec<Value>
    ) async throws(StoreError) -> RecordList<Value> {
        let snapshot = try await list(prefix: prefix)
        var records: [Record<Value>] = []
        var errors: [StoreError] = []
        var unreadable: [StoreKey] = []
        for stored in snapshot.values {
            do {
                records.append(try stored.record(codec))
            } catch {
                unreadable.append(stored.key)
                errors.append(error)
            }
        }
        return RecordList(records: records, unreadable: unreadable, errors: errors, revision: snapshot.revision)
    }
}

extension StoredValue {
    /// The value as its own type: for the events of a watch.
    public func record<Value>(
        _ codec: RecordCodec<Value>, secrets: (any SecretCoding)? = nil
    ) throws(StoreError) -> Record<Value> {
        Record(
            key: key, value: try codec.decode(value, key: key, secrets: secrets), revision: revision,
            createRevision: createRevision,
            version: version)
    }
}
