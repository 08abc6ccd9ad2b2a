/// A share of processor time: 1000 is one core.
public struct Millicores: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    public let count: Int

    public init(_ count: Int) { self.count = count }

    /// Reads cores, "2" or "0.5", or millicores, "250m". nil when it is neither, or less than 1m.
    public init?(parsing text: String) {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2e || $0 == 0x6d }) else { return nil }
        if text.hasSuffix("m"), let count = Int(text.dropLast()), count > 0 {
            self.init(count)
        } else if let cores = Double(text), cores.isFinite, cores >= 0.001, cores <= 100_000 {
            self.init(Int((cores * 1000).rounded()))
        } else {
            return nil
        }
    }

    public var description: String { count % 1000 == 0 ? "\(count / 1000)" : "\(count)m" }

    public init(from decoder: any Decoder) throws { count = try decoder.singleValueContainer().decode(Int.self) }
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(count)
    }

    public static func < (left: Self, right: Self) -> Bool { left.count < right.count }
    public static func + (left: Self, right: Self) -> Self { Self(left.count + right.count) }
}
