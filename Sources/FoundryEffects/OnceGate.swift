import Synchronization

/// Opens once. Whoever waits for it waits also when its task is cancelled: what opens it is sure to come.
public final class OnceGate: Sendable {
    private struct State {
        var isOpen = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    public init() {}

    public var isOpen: Bool { state.withLock { $0.isOpen } }

    public func open() {
        let waiters = state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    public func wait() async {
        await withCheckedContinuation { continuation in
            let mustWait = state.withLock { state in
                if !state.isOpen { state.waiters.append(continuation) }
                return !state.isOpen
            }
            if !mustWait { continuation.resume() }
        }
    }
}
