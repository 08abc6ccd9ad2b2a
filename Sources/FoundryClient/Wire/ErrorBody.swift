import FoundryModel

/// Every answer that is an error: Cloud Foundry's shape, with ours beside it.
public struct ErrorBody: Hashable, Sendable, Codable {
    public var errors: [ErrorItem]

    public init(_ errors: [FoundryError]) { self.errors = errors.map(ErrorItem.init) }

    /// The first error, as the platform means it.
    public var error: FoundryError? { errors.first?.error }
}

/// One error on the wire.
public struct ErrorItem: Hashable, Sendable, Codable {
    public var code: Int
    public var title: String
    /// What a Cloud Foundry client shows: the message. Some of its texts are matched by clients, see docs/reference/api.md.
    public var detail: String
    /// nil: another platform answered.
    public var foundry: ErrorExtension?

    public init(_ error: FoundryError) {
        code = error.code.surface.cloudFoundryCode
        title = error.code.surface.cloudFoundryTitle
        detail = error.message
        foundry = ErrorExtension(
            code: error.code.rawValue, message: error.message, hint: error.hint, detail: error.detail)
    }

    /// The error as the server had it. A code that this client does not know becomes `internal_error`, with the code in the detail.
    public var error: FoundryError {
        guard let foundry else { return FoundryError(.internalError, detail, detail: "\(title) (\(code))") }
        guard let known = ErrorCode(rawValue: foundry.code) else {
            return FoundryError(
                .internalError, foundry.message, detail: "\(foundry.code) \(foundry.detail ?? "")", hint: foundry.hint)
        }
        return FoundryError(known, foundry.message, detail: foundry.detail, hint: foundry.hint)
    }
}

/// What we say beyond Cloud Foundry's error.
public struct ErrorExtension: Hashable, Sendable, Codable {
    /// `ErrorCode`'s raw value.
    public var code: String
    public var message: String
    public var hint: String?
    /// For the operator.
    public var detail: String?

    public init(code: String, message: String, hint: String?, detail: String?) {
        self.code = code
        self.message = message
        self.hint = hint
        self.detail = detail
    }
}
