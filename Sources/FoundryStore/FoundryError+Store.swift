import FoundryModel

extension FoundryError {
    /// The store's error as the surfaces show it. The store's own code goes into the detail.
    public init(_ error: StoreError) {
        let detail = [error.code.rawValue, error.detail].compactMap { $0 }.joined(separator: ": ")
        self.init(Self.code(of: error.code), error.message, detail: detail, hint: error.hint)
    }

    /// The error of reading a backup, or another store's file, that a person named.
    public init(backup error: StoreError) {
        switch error.code {
        case .corrupt, .foreign, .newer:
            self.init(.backupInvalid, Self.sentence(error.message), detail: error.detail, hint: error.hint)
        case .invalid, .busy, .closed, .cancelled, .inUse, .diskFull, .unreadable, .inputOutput, .unavailable:
            self.init(error)
        }
    }

    private static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() + "." }

    private static func code(of code: StoreError.Code) -> ErrorCode {
        switch code {
        case .invalid: .badRequest
        case .busy: .tooManyRequests
        case .unreadable: .recordUnreadable
        case .closed, .cancelled, .inUse, .foreign, .newer, .diskFull, .corrupt, .inputOutput, .unavailable:
            .storeUnavailable
        }
    }
}
