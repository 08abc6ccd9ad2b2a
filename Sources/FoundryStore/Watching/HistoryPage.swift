/// What a look into the history gave a watcher.
enum HistoryPage: Sendable, Equatable {
    /// Whole revisions, in order, possibly none; every matching event after the cursor and up to `upTo` is there.
    case events([StoreWatchEvent], upTo: Int64)
    /// The history after the cursor is not complete any more.
    case gap(resumeFrom: Int64)

    /// A page ends at the first revision's end past one of these.
    static let maximumEvents = 256
    static let maximumBytes = 1 << 20
}

/// Collects one page. Fed with events in order, it keeps revisions whole.
struct HistoryPageBuilder {
    private(set) var events: [StoreWatchEvent] = []
    private var bytes = 0

    /// - Returns: `false` when the page is full; the event then belongs to the next page.
    mutating func add(_ event: StoreWatchEvent) -> Bool {
        let isFull = events.count >= HistoryPage.maximumEvents || bytes >= HistoryPage.maximumBytes
        if isFull, event.revision != events.last?.revision { return false }
        events.append(event)
        if case .put(let value) = event { bytes += value.value.count }
        return true
    }
}
