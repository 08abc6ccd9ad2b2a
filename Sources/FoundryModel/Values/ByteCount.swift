/// A number of bytes. On the wire and in the store: a whole number of bytes.
public struct ByteCount: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    public let bytes: Int64

    public init(bytes: Int64) { self.bytes = bytes }

    public static func megabytes(_ count: Int64) -> Self { Self(bytes: count << 20) }
    public static func gigabytes(_ count: Int64) -> Self { Self(bytes: count << 30) }
    public static let zero = Self(bytes: 0)

    /// Reads "500" (megabytes), "500M", "500MB", "1.5G", "64K", "2T"; case does not matter.
    ///
    /// - Returns: nil when it is no size, is negative, or passes 8 EiB.
    public init?(parsing text: String) {
        let upper = text.uppercased()
        let number = upper.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let shifts: [String: Int64] = [
            "": 20, "K": 10, "KB": 10, "KIB": 10, "M": 20, "MB": 20, "MIB": 20, "G": 30, "GB": 30, "GIB": 30, "T": 40,
            "TB": 40, "TIB": 40,
        ]
        guard let shift = shifts[String(upper.dropFirst(number.count))], let value = Double(number), value.isFinite,
            value >= 0
        else { return nil }
        let bytes = value * Double(Int64(1) << shift)
        guard bytes < Double(Int64.max) else { return nil }
        self.init(bytes: Int64(bytes))
    }

    /// In the largest unit that leaves at most one decimal: "512 MiB", "1.5 GiB".
    public var description: String {
        for (shift, unit) in [(Int64(40), "TiB"), (30, "GiB"), (20, "MiB"), (10, "KiB")]
        where bytes >= Int64(1) << shift {
            let tenth = ((bytes & ((Int64(1) << shift) - 1)) * 10) >> shift
            return tenth == 0 ? "\(bytes >> shift) \(unit)" : "\(bytes >> shift).\(tenth) \(unit)"
        }
        return "\(bytes) B"
    }

    /// Rounded down to whole mebibytes.
    public var wholeMegabytes: Int64 { bytes >> 20 }

    public init(from decoder: any Decoder) throws { bytes = try decoder.singleValueContainer().decode(Int64.self) }
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(bytes)
    }

    public static func < (left: Self, right: Self) -> Bool { left.bytes < right.bytes }
    public static func + (left: Self, right: Self) -> Self { Self(bytes: left.bytes + right.bytes) }
    public static func - (left: Self, right: Self) -> Self { Self(bytes: left.bytes - right.bytes) }
    public static func += (left: inout Self, right: Self) { left = left + right }
}
