/// A value that is text of a certain shape: it is compared, written and sent as that text, and read only when it has the shape.
public protocol CheckedText: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// - Returns: nil when the text has not the shape.
    init?(_ text: String)
    /// Completes "not ...": `an id`.
    static var noun: String { get }
}

extension CheckedText {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = Self(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not \(Self.noun): \(text.prefix(80))"))
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    public static func < (left: Self, right: Self) -> Bool { left.description < right.description }
}
