import FoundryModel

/// How long each session has been silent: on the controller's own clock, since it first saw the session's last renewal.
///
/// Silence is never carried over: a new controller, or one that had lost the store, counts from zero.
/// - Source: design 5.2.
public struct SessionWatch: Sendable {
    private struct Seen: Sendable {
        var session: SessionID
        var sequence: UInt64
        var at: MonotonicTime
    }

    private var seen: [CellID: Seen] = [:]

    public init() {}

    /// A sequence that was seen before leaves the silence as it is.
    public mutating func see(_ record: SessionRecord, now: MonotonicTime) {
        if let last = seen[record.cell], last.session == record.session, last.sequence == record.sequence { return }
        seen[record.cell] = Seen(session: record.session, sequence: record.sequence, at: now)
    }

    /// Counts every silence from now.
    public mutating func restart(now: MonotonicTime) {
        for cell in seen.keys { seen[cell]?.at = now }
    }

    /// Milliseconds; nil: no session of the cell was ever seen.
    public func silence(of cell: CellID, now: MonotonicTime) -> Int64? { seen[cell].map { max(0, now - $0.at) } }

    /// A report that reached the controller is no renewal: counting from it is a mistake, which is planted here.
    mutating func hearReport(of cell: CellID, now: MonotonicTime) {
        if Planted.has(.silenceFromArrival) { reported[cell] = now }
    }

    private var reported: [CellID: MonotonicTime] = [:]

    func silenceOfReports(of cell: CellID, now: MonotonicTime) -> Int64? { reported[cell].map { max(0, now - $0) } }
}
