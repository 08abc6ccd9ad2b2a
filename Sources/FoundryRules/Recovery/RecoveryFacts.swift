import FoundryModel

/// What a recovery is decided on.
public struct RecoveryFacts: Sendable {
    public var view: PlatformView
    public var sights: CellSights
    /// The last of each cell that counts.
    public var reports: [CellID: CellReport]
    /// Lost cells, and since when by the controller's own clock.
    public var lostSince: [CellID: MonotonicTime]
    /// nil where no sessions are held.
    public var timing: SessionTiming?
    public var now: Moment

    public init(
        view: PlatformView, sights: CellSights, reports: [CellID: CellReport], lostSince: [CellID: MonotonicTime] = [:],
        timing: SessionTiming?, now: Moment
    ) {
        self.view = view
        self.sights = sights
        self.reports = reports
        self.lostSince = lostSince
        self.timing = timing
        self.now = now
    }
}
