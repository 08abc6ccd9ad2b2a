import FoundryModel

/// Decides when a server takes the term, and keeps it: one server at a time is the controller.
///
/// There are no leases: the holder writes a beat, the others count its silence on their own clocks, and whoever claims compares the record that it saw.
/// A claim cannot harm: every write of a controller compares its term, so the older one's writes fail from then on. A term is that of one process: one
/// that begins anew has forgotten what cells told it, so it takes a new term, under which they say it again.
/// - Source: design 5.3.
public struct BeatMachine: Sendable {
    public enum Effect: Hashable, Sendable {
        case claim([RecordWrite])
        case beat([RecordWrite])
    }

    public let server: ServerID
    public let beatMilliseconds: Int64
    /// After which a silent holder is replaced.
    public let patienceMilliseconds: Int64

    private var term: Revised<TermRecord>?
    private var beat: Revised<BeatRecord>?
    private var generation: UInt16 = 0
    private var changedAt: MonotonicTime
    private var sentAt: MonotonicTime?
    /// By this process, the last time.
    private var claimed: Term?
    private var isLoaded = false

    public init(server: ServerID, beatMilliseconds: Int64, patienceMilliseconds: Int64, now: MonotonicTime) {
        self.server = server
        self.beatMilliseconds = beatMilliseconds
        self.patienceMilliseconds = patienceMilliseconds
        changedAt = now
    }

    /// The term that this server holds, as far as it knows.
    public var held: Revised<TermRecord>? {
        guard let term, term.value.holder == server, term.value.term == claimed else { return nil }
        return term
    }

    /// Held by a process of this server that is gone.
    private var isLeft: Bool { held == nil && term?.value.holder == server }

    /// What the watch brought; also after the first load.
    public mutating func see(_ view: PlatformView, now: MonotonicTime) {
        isLoaded = true
        generation = view.switches.generation
        if view.term != term || view.beat != beat { changedAt = now }
        if view.term != term { sentAt = nil }
        term = view.term
        beat = view.beat
    }

    /// The store was lost from sight: its silence says nothing.
    public mutating func restart(now: MonotonicTime) {
        changedAt = now
        sentAt = nil
    }

    /// - Returns: what is due; at most one each time.
    public mutating func tick(now: Moment) -> Effect? {
        guard isLoaded else { return nil }
        if let held {
            guard sentAt.map({ now.monotonic - $0 >= beatMilliseconds }) ?? true else { return nil }
            sentAt = now.monotonic
            return .beat(nextBeat(of: held))
        }
        let isDue = term == nil || isLeft || now.monotonic - changedAt >= patienceMilliseconds
        guard isDue, sentAt.map({ now.monotonic - $0 >= patienceMilliseconds }) ?? true else { return nil }
        sentAt = now.monotonic
        let next = (term?.value.term ?? Term(0)).next(in: generation)
        claimed = next
        return .claim([
            .put(
                .term(TermRecord(term: next, since: now.wall, holder: server)),
                expects: .seen(term))
        ])
    }

    /// When `tick` is due next.
    public func nextWake(now: MonotonicTime) -> MonotonicTime {
        if held != nil { return sentAt.map { $0 + beatMilliseconds } ?? now }
        return max(isLeft ? now : changedAt + patienceMilliseconds, sentAt.map { $0 + patienceMilliseconds } ?? now)
    }

    private func nextBeat(of held: Revised<TermRecord>) -> [RecordWrite] {
        let count = beat.map { $0.value.term == held.value.term ? $0.value.count + 1 : 1 } ?? 1
        return [
            .put(.beat(BeatRecord(term: held.value.term, count: count)), expects: .any),
            .check(key: RecordKind.term.prefix, kind: .term, expects: .revision(held.revision)),
        ]
    }
}
