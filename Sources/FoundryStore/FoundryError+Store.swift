import FoundryModel

extension FoundryError {
    /// The store's error as the surfaces show it. The store's own code goes into the detail.
    public init(_ error: StoreError) {
        let detail = [error.code.rawValue, error.detail].compactMap { $0 }.joined(separator: ": ")
        self.init(Self.code(of: error.code), error.message, detail: detail, hint: error.hint)
    }

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
