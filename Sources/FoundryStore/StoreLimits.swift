/// The limits that every make of the store keeps.
public enum StoreLimits {
    public static let keyBytes = 512
    public static let valueBytes = 1 << 20
    public static let operations = 128
    public static let compares = 128
    /// All values of one transaction together.
    public static let transactionBytes = 8 << 20
    public static let nameBytes = 512

    /// Refuses a transaction that passes a limit, before anything is changed.
    public static func check(_ transaction: StoreTransaction) throws(StoreError) {
        try check("name of the transaction", bytes: transaction.name.utf8.count, limit: nameBytes)
        try check("comparisons", count: transaction.compares.count, limit: compares)
        try check("operations", count: transaction.operations.count, limit: operations)
        for compare in transaction.compares { try check(compare.key) }
        var seen = Set<StoreKey>()
        var bytes = 0
        for operation in transaction.operations {
            try check(operation.key)
            guard seen.insert(operation.key).inserted else {
                throw StoreError(.invalid, "a transaction changes the key \(operation.key) twice", key: operation.key)
            }
            if case .put(let key, let value) = operation {
                try check("value of \(key)", bytes: value.count, limit: valueBytes, key: key)
                bytes += value.count
            }
        }
        try check("values of the transaction", bytes: bytes, limit: transactionBytes)
    }

    /// Refuses a key that is empty, too long, doesn't begin with a slash, or holds control characters.
    public static func check(_ key: StoreKey) throws(StoreError) {
        try check("key", bytes: key.path.utf8.count, limit: keyBytes, key: key)
        guard key.path.utf8.first == UInt8(ascii: "/") else {
            throw StoreError(.invalid, "the key \"\(key)\" does not begin with a slash", key: key)
        }
        guard key.path.unicodeScalars.allSatisfy(isAllowed) else {
            throw StoreError(
                .invalid, "a key holds a control character or a character that means the end of a range", key: key)
        }
    }

    /// U+10FFFF sorts after every other character; lists use it as the end of a prefix's range.
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x20 && scalar.value != 0x7F && scalar.value != 0x10FFFF
    }

    private static func check(_ what: String, bytes: Int, limit: Int, key: StoreKey? = nil) throws(StoreError) {
        guard bytes <= limit else {
            throw StoreError(.invalid, "the \(what) has \(bytes) bytes; the limit is \(limit)", key: key)
        }
    }

    private static func check(_ what: String, count: Int, limit: Int) throws(StoreError) {
        guard count <= limit else {
            throw StoreError(.invalid, "a transaction has \(count) \(what); the limit is \(limit)")
        }
    }
}
