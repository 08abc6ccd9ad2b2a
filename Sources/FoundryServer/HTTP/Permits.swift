import FoundryModel
import Synchronization

/// Bounds how many requests wait or stream at once.
final class Permits: Sendable {
    /// Held as long as the request waits; given back when the last reference goes.
    final class Permit: Sendable {
        private let permits: Permits

        fileprivate init(_ permits: Permits) { self.permits = permits }
        deinit { permits.taken.withLock { $0 -= 1 } }
    }

    private let limit: Int
    private let taken = Mutex(0)

    init(limit: Int) { self.limit = limit }

    var inUse: Int { taken.withLock { $0 } }

    /// - Throws: `too_many_requests`.
    func take() throws(FoundryError) -> Permit {
        let isFree = taken.withLock { taken in
            guard taken < limit else { return false }
            taken += 1
            return true
        }
        guard isFree else {
            throw FoundryError(.tooManyRequests, "\(limit) requests wait already.", hint: "try again in a moment")
        }
        return Permit(self)
    }
}
