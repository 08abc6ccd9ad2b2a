import Synchronization

/// What one task hands to another, in order. It has no bound of its own: whoever fills it keeps to a credit. For one reader.
public final class Inbox<Item: Sendable>: Sendable {
    private struct State {
        var items: [Item] = []
        var isFinished = false
        var reader: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    public init() {}

    public var isFinished: Bool { state.withLock { $0.isFinished } }

    /// Nothing happens after the end.
    public func put(_ item: Item) { change { if !$0.isFinished { $0.items.append(item) } } }

    /// What lies here is still read.
    public func finish() { change { $0.isFinished = true } }

    /// What lies here is dropped.
    public func close() {
        change { state in
            state.isFinished = true
            state.items = []
        }
    }

    /// - Returns: nil at the end.
    public func next() async -> Item? {
        while true {
            let (item, isFinished) = state.withLock { state in
                (state.items.isEmpty ? nil : state.items.removeFirst(), state.isFinished)
            }
            if let item { return item }
            if isFinished { return nil }
            await wait()
        }
    }

    private func wait() async {
        await withCheckedContinuation { continuation in
            let mustWait = state.withLock { state in
                guard state.items.isEmpty, !state.isFinished else { return false }
                state.reader = continuation
                return true
            }
            if !mustWait { continuation.resume() }
        }
    }

    private func change(_ change: (inout State) -> Void) {
        let reader = state.withLock { state in
            change(&state)
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume()
    }
}
