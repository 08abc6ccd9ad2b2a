import FoundryModel

/// A parameter that users may give.
public struct ParameterSummary: Hashable, Sendable, Codable {
    public var name: String
    /// `integer`, `boolean`, `text`, `choice`
    public var type: String
    /// Of an integer.
    public var minimum: Int64?
    public var maximum: Int64?
    /// Of a text, in characters.
    public var maxLength: Int?
    /// Of a choice.
    public var choices: [String]?
    /// nil: it has to be given.
    public var defaultValue: ParameterValue?
    public var description: String
    /// A change of it makes members anew.
    public var restarts: Bool

    public init(
        name: String, type: String, minimum: Int64? = nil, maximum: Int64? = nil, maxLength: Int? = nil,
        choices: [String]? = nil, defaultValue: ParameterValue? = nil, description: String = "", restarts: Bool = true
    ) {
        self.name = name
        self.type = type
        self.minimum = minimum
        self.maximum = maximum
        self.maxLength = maxLength
        self.choices = choices
        self.defaultValue = defaultValue
        self.description = description
        self.restarts = restarts
    }

    public init(_ parameter: ReleaseParameter) {
        self.init(
            name: parameter.name, type: "", defaultValue: parameter.defaultValue, description: parameter.description,
            restarts: parameter.needsRestart)
        switch parameter.kind {
        case .integer(let minimum, let maximum):
            type = "integer"
            self.minimum = minimum
            self.maximum = maximum
        case .boolean: type = "boolean"
        case .text(let longest):
            type = "text"
            maxLength = longest
        case .choice(let choices):
            type = "choice"
            self.choices = choices
        }
    }
}
