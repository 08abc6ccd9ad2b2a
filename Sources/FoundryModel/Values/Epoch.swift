/// A fencing token of one branch of a volume: it grows with every change of holder, and whoever receives an order with an older one refuses it.
///
/// The high 16 bits are the cluster's generation, which grows when the store is restored (design 5.10).
public struct Epoch: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    public let value: UInt64

    public init(_ value: UInt64) { self.value = value }

    /// No holder yet.
    public static let none = Epoch(0)

    public var next: Epoch { Epoch(value + 1) }
    public var description: String { "\(value)" }

    /// The first epoch of a cluster's generation: above all epochs of those before it.
    public static func first(of generation: UInt16) -> Epoch { Epoch(UInt64(generation) << 48) }

    /// How often the store had been restored when it was granted.
    public var generation: UInt16 { UInt16(value >> 48) }

    /// The next epoch that may be granted: above this one, and of no older generation than the cluster's.
    public func next(in generation: UInt16) -> Epoch { max(self, .first(of: generation)).next }

    public init(from decoder: any Decoder) throws { value = try decoder.singleValueContainer().decode(UInt64.self) }
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }

    public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// A controller's fencing token: every write of a controller compares it. Never compared with an epoch.
public struct Term: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    public let value: UInt64

    public init(_ value: UInt64) { self.value = value }

    public var next: Term { Term(value + 1) }
    /// How often the store had been restored when it was taken.
    public var generation: UInt16 { UInt16(value >> 48) }

    /// The next term that may be taken: above this one, and of no older generation than the cluster's.
    public func next(in generation: UInt16) -> Term { Term(max(value, UInt64(generation) << 48) + 1) }
    public var description: String { "\(value)" }

    public init(from decoder: any Decoder) throws { value = try decoder.singleValueContainer().decode(UInt64.self) }
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }

    public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}
