import FoundryModel
import Synchronization

/// Lets one at a time through, in order of arrival, and only so many wait.
final class SerialLane: Sendable {
    private struct State {
        var isTaken = false
        var waiting: [CheckedContinuation<Void, Never>] = []

        /// - Returns: nil when it has to wait.
        mutating func enter(limit: Int) -> Bool? {
            if !isTaken {
                isTaken = true
                return true
            }
            return waiting.count < limit ? nil : false
        }
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) { self.limit = limit }

    /// - Throws: `too_many_requests` when too many wait already, and what the work throws.
    func run<Result: Sendable>(_ work: () async throws(FoundryError) -> Result) async throws(FoundryError) -> Result {
        guard await enter() else {
            throw FoundryError(
                .tooManyRequests, "Too many changes are asked for at once.", hint: "try again in a moment")
        }
        defer { leave() }
        return try await work()
    }

    private func enter() async -> Bool {
        if let answer = state.withLock({ $0.enter(limit: limit) }) { return answer }
        await withCheckedContinuation { continuation in
            let isMine = state.withLock { state in
                if state.isTaken {
                    state.waiting.append(continuation)
                    return false
                }
                state.isTaken = true
                return true
            }
            if isMine { continuation.resume() }
        }
        return true
    }

    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if state.waiting.isEmpty {
                state.isTaken = false
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
