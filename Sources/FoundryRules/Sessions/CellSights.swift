import FoundryModel

/// How the cells look to the controller at one moment.
public struct CellSights: Sendable {
    private var fixed: [CellID: CellSight]?
    private var sessions: [CellID: Revised<SessionRecord>] = [:]
    private var unheard: Set<CellID> = []
    private var watch = SessionWatch()
    private var timing: SessionTiming?
    private var now = MonotonicTime(milliseconds: 0)

    /// Of a platform where nobody watches them.
    static let none = Self()

    private init() {}

    /// - Parameter sights: of every cell; others were never heard.
    public init(_ sights: [CellID: CellSight]) { fixed = sights }

    /// - Parameter timing: nil where no sessions are held.
    init(view: PlatformView, watch: SessionWatch, timing: SessionTiming?, now: MonotonicTime) {
        sessions = view.sessions
        unheard = view.switches.unheard
        self.watch = watch
        self.timing = timing
        self.now = now
    }

    /// Whether cells hold sessions on this platform; where they do, one may be lost.
    var holdsSessions: Bool { fixed != nil || timing != nil }

    public subscript(cell: CellID) -> CellSight {
        if let fixed { return fixed[cell] ?? .unheard }
        guard let timing else { return .unwatched }
        guard let session = sessions[cell]?.value else { return .unheard }
        if case .expired(let fence) = session.state { return .expired(fence) }
        let silence = silence(of: cell) ?? 0
        // Heard or not: while its session lives, nothing else can open one under its name.
        if silence >= dueMilliseconds(timing) { return .overdue }
        if unheard.contains(cell), !Planted.has(.unheardCellActs) { return .unheard }
        return silence < 2 * timing.renewMilliseconds ? .living : .late(milliseconds: silence)
    }

    /// Milliseconds since its last renewal was seen; nil where that says nothing.
    public func silence(of cell: CellID) -> Int64? {
        if Planted.has(.silenceFromArrival), let silence = watch.silenceOfReports(of: cell, now: now) {
            return silence
        }
        return watch.silence(of: cell, now: now)
    }

    private func dueMilliseconds(_ timing: SessionTiming) -> Int64 {
        Planted.has(.noKillTimeInTiming) ? timing.fuseMilliseconds : timing.expiryMilliseconds
    }
}
