import FoundryModel

/// What was read of `release.yml`, as the table of fields wants it; what does not fit is a mistake, and left out.
struct ReleaseNode: Sendable {
    struct Entry: Sendable {
        var key: String
        var node: ReleaseNode
    }

    enum Value: Sendable {
        case text(String)
        case scalar(ParameterValue)
        case integer(Int64)
        case flag(Bool)
        case list([ReleaseNode])
        case group([Entry])
        /// It is there, and what is wrong with it is told.
        case unreadable
    }

    var line: Int
    var value: Value

    subscript(_ key: String) -> ReleaseNode? { entries.first { $0.key == key }?.node }

    var entries: [Entry] { if case .group(let entries) = value { entries } else { [] } }
    var items: [ReleaseNode] { if case .list(let items) = value { items } else { [] } }
    var text: String? { if case .text(let text) = value { text } else { nil } }
    var scalar: ParameterValue? { if case .scalar(let value) = value { value } else { nil } }
    /// Swift 6.3.1 breaks off where it optimizes this within `ReleaseDraft.kind`.
    @inline(never)
    var integer: Int64? { if case .integer(let number) = value { number } else { nil } }
    var flag: Bool? { if case .flag(let flag) = value { flag } else { nil } }
}
