/// What went wrong in the store, with what to do about it.
///
/// No error deletes, repairs or moves anything: what lies on the disk stays as it was.
public struct StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Stable; the raw value is what logs carry.
    public enum Code: String, Sendable, CaseIterable {
        /// The request passes a limit or is malformed. Nothing was changed.
        case invalid = "store_invalid"
        /// Too many transactions wait. Nothing was changed; try again later.
        case busy = "store_busy"
        /// The store was closed.
        case closed = "store_closed"
        /// The caller's task was cancelled during a read.
        case cancelled = "store_cancelled"
        /// Another process has the store open.
        case inUse = "store_in_use"
        /// The file belongs to another program, or isn't a database.
        case foreign = "store_foreign"
        /// A newer version of this program wrote it.
        case newer = "store_newer"
        /// The disk is full. Nothing was changed.
        case diskFull = "store_disk_full"
        /// The database is damaged.
        case corrupt = "store_corrupt"
        /// A stored value isn't of the shape that its reader knows.
        case unreadable = "store_unreadable"
        /// The operating system failed a read or write. The outcome of a commit is unknown.
        case inputOutput = "store_io"
        /// The file can't be opened: it is missing, or the rights are.
        case unavailable = "store_unavailable"
    }

    public let code: Code
    /// Safe to show to a tenant.
    public let message: String
    /// For the operator: paths, the system's own words.
    public let detail: String?
    /// What to do, a command where there is one.
    public let hint: String?
    /// The key in question, if there is one.
    public let key: StoreKey?

    public init(_ code: Code, _ message: String, detail: String? = nil, hint: String? = nil, key: StoreKey? = nil) {
        self.code = code
        self.message = message
        self.detail = detail
        self.hint = hint
        self.key = key
    }

    public var description: String {
        var text = "error[\(code.rawValue)]: \(message)"
        if let detail { text += " (\(detail))" }
        if let hint { text += "\nhint: \(hint)" }
        return text
    }

    static let closed = StoreError(.closed, "the store is closed")
}
