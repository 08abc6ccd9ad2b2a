import FoundryModel
import Synchronization

/// When another side was last heard.
public final class LastHeard: Sendable {
    private let time = Mutex(SystemClock.monotonic())

    /// Begins as if it was heard now.
    public init() {}

    /// It was heard now.
    public func note() { time.withLock { $0 = SystemClock.monotonic() } }

    /// Milliseconds since then.
    public var silence: Int64 { SystemClock.monotonic() - time.withLock { $0 } }
}
