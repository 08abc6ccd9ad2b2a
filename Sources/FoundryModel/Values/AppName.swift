/// The name that a user gives to an app: a DNS label, so that it can become one.
///
/// Shape: 1 to 63 characters of `a-z 0-9 -`, beginning with a letter, not ending with a hyphen.
public struct AppName: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    public let description: String

    public init?(_ text: String) {
        guard Self.isValid(text) else { return nil }
        description = text
    }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let name = Self(text) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "not a name: \(text.prefix(80))"))
        }
        self = name
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    public static func < (left: Self, right: Self) -> Bool { left.description < right.description }

    private static func isValid(_ text: String) -> Bool {
        let letters: ClosedRange<UInt8> = 0x61...0x7a
        let digits: ClosedRange<UInt8> = 0x30...0x39
        guard (1...63).contains(text.utf8.count), let first = text.utf8.first, let last = text.utf8.last else { return false }
        return letters.contains(first) && last != 0x2d
            && text.utf8.allSatisfy { letters.contains($0) || digits.contains($0) || $0 == 0x2d }
    }
}
