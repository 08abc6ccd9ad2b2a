import FoundryModel

/// What a recovery is decided on: the same for all workloads of one pass, so it is shared, and never changes.
public final class RecoveryFacts: Sendable {
    public let view: PlatformView
    public let sights: CellSights
    /// The last of each cell that counts.
    public let reports: [CellID: CellReport]
    /// Lost cells, and since when by the controller's own clock.
    public let lostSince: [CellID: MonotonicTime]
    /// When this controller last saw a member begin to stand down, whatever became of it: a change-over that does not end is given up, and not tried again at once.
    public let stoodDownAt: [MemberID: MonotonicTime]
    /// nil where no sessions are held.
    public let timing: SessionTiming?
    public let now: Moment

    public init(
        view: PlatformView, sights: CellSights, reports: [CellID: CellReport], lostSince: [CellID: MonotonicTime] = [:],
        stoodDownAt: [MemberID: MonotonicTime] = [:], timing: SessionTiming?, now: Moment
    ) {
        self.view = view
        self.sights = sights
        self.reports = reports
        self.lostSince = lostSince
        self.stoodDownAt = stoodDownAt
        self.timing = timing
        self.now = now
    }

    /// Whether something new may be put on a cell, or taken over there.
    func canHost(_ cell: CellID) -> Bool {
        sights[cell].canHost && view.cells[cell]?.value.duty == .active && !view.switches.unheard.contains(cell)
            && view.openFence(of: cell, view.incarnation(of: cell)) == nil
    }

    func isDrained(_ cell: CellID) -> Bool { view.cells[cell]?.value.duty == .drained }

    /// What a member's cell says of it now.
    func status(of member: MemberRecord) -> MemberStatus? {
        guard let members = reports[member.cell]?.members else { return nil }
        var (low, high) = (0, members.count)
        while low < high {
            let middle = (low + high) / 2
            if members[middle].id < member.id { low = middle + 1 } else { high = middle }
        }
        return low < members.count && members[low].id == member.id ? members[low] : nil
    }
}
