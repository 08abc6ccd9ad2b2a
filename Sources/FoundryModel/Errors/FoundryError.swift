/// The one error at every edge: a stable code, a message safe for a tenant, a detail for the operator, a hint, a cause.
public struct FoundryError: Error, Hashable, Sendable, Codable, CustomStringConvertible {
    public var code: ErrorCode
    /// One sentence, safe to show to anybody who may see the thing.
    public var message: String
    /// For the operator: what the program below said. Never a secret.
    public var detail: String?
    /// What to do: a command, where there is one.
    public var hint: String?

    public init(_ code: ErrorCode, _ message: String, detail: String? = nil, hint: String? = nil) {
        self.code = code
        self.message = message
        self.detail = detail
        self.hint = hint
    }

    public var description: String {
        var text = "error[\(code.rawValue)]: \(message)"
        if let detail { text += "\ndetail: \(detail)" }
        if let hint { text += "\nhint: \(hint)" }
        return text
    }
}
