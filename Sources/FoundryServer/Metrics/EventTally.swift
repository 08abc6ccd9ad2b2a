import FoundryModel
import FoundryRules
import Synchronization

/// Counts events by kind since this server started. Events themselves are kept for a while only; a count must not shrink when they go.
final class EventTally: Sendable {
    private struct State {
        var counts: [EventName: Int64] = [:]
        var seen: Int64
    }

    private let state: Mutex<State>

    /// - Parameter revision: events up to it are not counted.
    init(after revision: Int64) { state = Mutex(State(seen: revision)) }

    /// Counts what is newer than the last view. To be called at least once while 2,000 events happen.
    ///
    /// - Returns: a count for every kind there is, so that the first event of a kind is growth and no beginning.
    func count(_ view: PlatformView, revision: Int64) -> [EventName: Int64] {
        state.withLock { state in
            for event in view.events where view.revision(of: event.id) > state.seen {
                state.counts[event.kind, default: 0] += 1
            }
            state.seen = max(revision, state.seen)
            return Dictionary(EventName.allCases.map { ($0, state.counts[$0] ?? 0) }) { first, _ in first }
        }
    }
}
