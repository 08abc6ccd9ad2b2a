import Synchronization

/// How many bytes may be sent before the receiver says that it has done with some.
public final class ByteCredit: Sendable {
    private struct State {
        var left: Int
        var isClosed = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    public init(_ bytes: Int) { state = Mutex(State(left: bytes)) }

    /// Also for what was taken and not used.
    public func give(_ bytes: Int) { change { $0.left += bytes } }

    /// Nobody shall send any more.
    public func close() { change { $0.isClosed = true } }

    /// Waits until something may be sent, and takes it.
    ///
    /// - Returns: how much, at most so many; 0 when it was closed.
    public func take(atMost most: Int) async -> Int {
        while true {
            let taken = state.withLock { state -> Int? in
                if state.isClosed { return 0 }
                guard state.left > 0 else { return nil }
                let taken = min(state.left, most)
                state.left -= taken
                return taken
            }
            if let taken { return taken }
            await wait()
        }
    }

    private func wait() async {
        await withCheckedContinuation { continuation in
            let mustWait = state.withLock { state in
                guard state.left <= 0, !state.isClosed else { return false }
                state.waiters.append(continuation)
                return true
            }
            if !mustWait { continuation.resume() }
        }
    }

    private func change(_ change: (inout State) -> Void) {
        let waiters = state.withLock { state in
            change(&state)
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
