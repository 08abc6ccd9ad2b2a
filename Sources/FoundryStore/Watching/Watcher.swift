import Synchronization

/// One watch: a cursor into the store's history and a small page of events that are due.
final class Watcher: Sendable {
    typealias ReadHistory = @Sendable (_ prefix: String, _ after: Int64) async throws(StoreError) -> HistoryPage

    private struct State {
        var cursor: Int64
        /// In reverse, so that the next one is taken from the end.
        var page: [StoreWatchEvent] = []
    }

    private let prefix: String
    private let hub: WatchHub
    private let readHistory: ReadHistory
    private let state: Mutex<State>

    private init(prefix: String, after revision: Int64, hub: WatchHub, readHistory: @escaping ReadHistory) {
        self.prefix = prefix
        self.hub = hub
        self.readHistory = readHistory
        self.state = Mutex(State(cursor: revision))
    }

    /// A stream of the events below `prefix` after `revision`, read page by page as its reader asks for them.
    static func stream(
        prefix: String, after revision: Int64, hub: WatchHub, readHistory: @escaping ReadHistory
    ) -> AsyncThrowingStream<StoreWatchEvent, any Error> {
        let watcher = Watcher(prefix: prefix, after: revision, hub: hub, readHistory: readHistory)
        return AsyncThrowingStream { try await watcher.next() }
    }

    /// As `stream`, a page at a time: each page holds whole revisions, or one gap.
    static func pages(
        prefix: String, after revision: Int64, hub: WatchHub, readHistory: @escaping ReadHistory
    ) -> AsyncThrowingStream<[StoreWatchEvent], any Error> {
        let watcher = Watcher(prefix: prefix, after: revision, hub: hub, readHistory: readHistory)
        return AsyncThrowingStream { try await watcher.nextPage() }
    }

    private func nextPage() async throws(StoreError) -> [StoreWatchEvent]? {
        guard let first = try await next() else { return nil }
        return state.withLock { state in
            defer { state.page = [] }
            return [first] + state.page.reversed()
        }
    }

    private func next() async throws(StoreError) -> StoreWatchEvent? {
        while !Task.isCancelled, !hub.isClosed {
            if let event = state.withLock({ $0.page.popLast() }) { return event }
            switch try await readPage() {
            case .gap(let revision):
                move(to: revision)
                return .gap(resumeFrom: revision)
            case .events(let events, let upTo):
                move(to: upTo, page: events.reversed())
                if events.isEmpty {
                    guard let seen = await hub.news(prefix: prefix, after: upTo) else { return nil }
                    move(to: seen)
                }
            case nil:
                return nil
            }
        }
        return nil
    }

    /// `nil` when the store was closed or the task cancelled meanwhile: the stream ends.
    private func readPage() async throws(StoreError) -> HistoryPage? {
        do {
            return try await readHistory(prefix, state.withLock { $0.cursor })
        } catch {
            if error.code == .cancelled || error.code == .closed { return nil }
            throw error
        }
    }

    private func move(to revision: Int64, page: [StoreWatchEvent] = []) {
        state.withLock { $0 = State(cursor: revision, page: page) }
    }
}
