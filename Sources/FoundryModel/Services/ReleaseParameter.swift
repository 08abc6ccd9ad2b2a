/// A parameter that users may give: its kind, its bounds and its default.
public struct ReleaseParameter: Hashable, Sendable, Codable {
    public var name: String
    public var kind: ParameterKind
    /// nil: empty text where it is text, else it has to be given by the plan or the user.
    public var defaultValue: ParameterValue?
    public var description: String
    /// A change of it makes members anew.
    public var needsRestart: Bool

    public init(
        name: String, kind: ParameterKind, defaultValue: ParameterValue?, description: String = "",
        needsRestart: Bool = true
    ) {
        self.name = name
        self.kind = kind
        self.defaultValue = defaultValue
        self.description = description
        self.needsRestart = needsRestart
    }
}

public enum ParameterKind: Hashable, Sendable, Codable {
    case integer(minimum: Int64, maximum: Int64)
    case boolean
    /// Letters, digits, space and `_.,:;/@+=%-`: whatever a template makes of it stays one word of text.
    case text(longest: Int)
    case choice([String])
}

/// Encoded as the bare JSON value.
public enum ParameterValue: Hashable, Sendable, Codable {
    case integer(Int64)
    case boolean(Bool)
    case text(String)

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .integer(let value): try container.encode(value)
        case .boolean(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        }
    }
}

extension ParameterValue: CustomStringConvertible {
    /// As a template and a variable have it.
    public var description: String {
        switch self {
        case .integer(let value): "\(value)"
        case .boolean(let value): "\(value)"
        case .text(let value): value
        }
    }
}
