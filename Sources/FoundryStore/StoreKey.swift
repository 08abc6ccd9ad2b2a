/// The name of a value in the store, like `/apps/<guid>`.
///
/// Keys are compared as their UTF-8 bytes, as every make of the store does, and not by Unicode's rules of equivalence.
public struct StoreKey: Hashable, Sendable, Comparable, Codable, CustomStringConvertible, ExpressibleByStringLiteral {
    public let path: String

    /// Takes any text; what is allowed is checked by ``StoreLimits`` when a transaction is committed.
    public init(_ path: String) {
        self.path = path
    }

    public init(stringLiteral value: String) {
        self.init(value)
    }

    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(path)
    }

    public var description: String { path }

    /// Whether the key begins with these bytes. The empty prefix fits every key.
    public func hasPrefix(_ prefix: String) -> Bool {
        path.utf8.starts(with: prefix.utf8)
    }

    public static func == (left: StoreKey, right: StoreKey) -> Bool {
        left.path.utf8.elementsEqual(right.path.utf8)
    }

    public static func < (left: StoreKey, right: StoreKey) -> Bool {
        left.path.utf8.lexicographicallyPrecedes(right.path.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        for byte in path.utf8 { hasher.combine(byte) }
        hasher.combine(UInt8(0xFF))
    }
}
