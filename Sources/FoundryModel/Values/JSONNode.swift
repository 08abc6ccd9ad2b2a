/// JSON that is put together by hand.
public indirect enum JSONNode: Sendable, Equatable, Encodable, ExpressibleByStringInterpolation,
    ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    case text(String)
    case number(Int)
    case flag(Bool)
    case list([JSONNode])
    case object([String: JSONNode])

    public init(stringLiteral value: String) { self = .text(value) }
    public init(integerLiteral value: Int) { self = .number(value) }
    public init(booleanLiteral value: Bool) { self = .flag(value) }
    public init(arrayLiteral elements: JSONNode...) { self = .list(elements) }
    public init(dictionaryLiteral elements: (String, JSONNode)...) {
        self = .object(Dictionary(uniqueKeysWithValues: elements))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .flag(let value): try container.encode(value)
        case .list(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }

    public init(_ value: ParameterValue) {
        switch value {
        case .integer(let number): self = .number(Int(number))
        case .boolean(let flag): self = .flag(flag)
        case .text(let text): self = .text(text)
        }
    }

    /// With the fields of another, which win.
    public func with(_ more: [String: JSONNode]) -> JSONNode {
        guard case .object(let fields) = self else { return .object(more) }
        return .object(fields.merging(more) { $1 })
    }
}
