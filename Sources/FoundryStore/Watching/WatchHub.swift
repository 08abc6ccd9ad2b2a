import Synchronization

/// Wakes the watchers that wait for something new.
///
/// It holds no events, only who sleeps: a woken watcher reads the history itself, so a slow one costs no memory.
final class WatchHub: Sendable {
    /// One commit's worth of news.
    struct News: Sendable {
        let revision: Int64
        let keys: [StoreKey]
    }

    private struct Sleeper {
        let prefix: String
        /// Nothing that fits the prefix happened up to here.
        var seen: Int64
        let continuation: CheckedContinuation<Int64?, Never>
    }

    private struct State {
        var newest: Int64
        var isClosed = false
        var nextID = 0
        var sleepers: [Int: Sleeper] = [:]
        /// Cancelled between the cancellation and the going to sleep.
        var cancelled: Set<Int> = []
    }

    private let state: Mutex<State>

    init(newest: Int64) {
        state = Mutex(State(newest: newest))
    }

    /// Tells what was committed. Called in the order of the revisions.
    func announce(_ news: [News]) {
        guard let last = news.last else { return }
        let woken = state.withLock { state -> [(Sleeper, Int64)] in
            state.newest = max(state.newest, last.revision)
            return state.sleepers.keys.sorted().compactMap { id in
                guard var sleeper = state.sleepers[id] else { return nil }
                for one in news {
                    if one.keys.contains(where: { $0.hasPrefix(sleeper.prefix) }) {
                        state.sleepers[id] = nil
                        return (sleeper, sleeper.seen)
                    }
                    sleeper.seen = one.revision
                }
                state.sleepers[id] = sleeper
                return nil
            }
        }
        for (sleeper, seen) in woken { sleeper.continuation.resume(returning: seen) }
    }

    /// Sleeps until something below the prefix was committed after `revision`.
    ///
    /// - Returns: the revision up to which nothing is missed, from where to read on; `nil` when the hub was closed or the task cancelled.
    func news(prefix: String, after revision: Int64) async -> Int64? {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        defer { state.withLock { _ = $0.cancelled.remove(id) } }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { sleep(id, Sleeper(prefix: prefix, seen: revision, continuation: $0)) }
        } onCancel: {
            wake(cancelled: id)
        }
    }

    /// Ends every wait, now and later.
    func close() {
        let sleepers = state.withLock { state in
            state.isClosed = true
            defer { state.sleepers = [:] }
            return Array(state.sleepers.values)
        }
        for sleeper in sleepers { sleeper.continuation.resume(returning: nil) }
    }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// How many watchers sleep now.
    var sleepers: Int { state.withLock { $0.sleepers.count } }

    private func sleep(_ id: Int, _ sleeper: Sleeper) {
        enum Outcome { case asleep, ended, newer }
        let outcome = state.withLock { state -> Outcome in
            if state.isClosed || state.cancelled.remove(id) != nil { return .ended }
            if state.newest > sleeper.seen { return .newer }
            state.sleepers[id] = sleeper
            return .asleep
        }
        switch outcome {
        case .asleep: break
        case .ended: sleeper.continuation.resume(returning: nil)
        case .newer: sleeper.continuation.resume(returning: sleeper.seen)
        }
    }

    private func wake(cancelled id: Int) {
        let sleeper = state.withLock { state -> Sleeper? in
            guard let sleeper = state.sleepers.removeValue(forKey: id) else {
                state.cancelled.insert(id)
                return nil
            }
            return sleeper
        }
        sleeper?.continuation.resume(returning: nil)
    }
}
