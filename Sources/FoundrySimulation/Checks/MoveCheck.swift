import FoundryModel
import FoundryRules

/// One fault moves a volume at most once: for each move there is a fault that touched the cell it left, and that moved it no other time.
struct MoveCheck {
    private struct Cause {
        /// nil: it may have touched every cell.
        var cell: Int?
        var start: SimulationTime
        var end: SimulationTime
        /// What it has moved, and from where.
        var moved: Set<Departure> = []
    }

    private struct Departure: Hashable {
        var lineage: LineageID
        var cell: Int
    }

    private var causes: [Cause] = []
    /// How long after a fault has ended a move may be its consequence.
    var patience = SimulationDuration.seconds(150)
    private(set) var moves = 0

    init() {}

    /// - Parameter cell: nil: it may have touched every cell.
    mutating func begin(cell: Int?, from start: SimulationTime, to end: SimulationTime) {
        causes.append(Cause(cell: cell, start: start, end: end))
    }

    /// - Parameter isRolling: whether a change goes through an app's members: a primary changes over to one that has changed.
    mutating func commit(_ commit: Commit, isRolling: (AppID) -> Bool = { _ in false }) -> Violation? {
        let volumes = commit.volumes
        for (before, taker) in volumes {
            guard let taker, taker.holder != nil, before?.holder == nil, !isRolling(taker.app) else { continue }
            let left = volumes.first { pair in
                guard let old = pair.old, old.id != taker.id, old.lineage == taker.lineage else { return false }
                return old.epoch < taker.epoch && (old.holder != nil || old.phase == .sealed) && pair.new?.holder == nil
            }
            guard let old = left?.old, old.cell != taker.cell, let cell = cellNumber(old.cell) else { continue }
            moves += 1
            let departure = Departure(lineage: taker.lineage, cell: cell)
            let cause = causes.firstIndex {
                ($0.cell == nil || $0.cell == cell) && $0.start <= commit.time && commit.time <= $0.end + patience
                    && !$0.moved.contains(departure)
            }
            guard let cause else {
                return Violation(
                    .oneMoveForOneFault, at: commit.time,
                    "volume \(old.id) of app \(old.appName) was moved from cell \(old.cell) to \(taker.cell), and no fault there accounts for it"
                )
            }
            causes[cause].moved.insert(departure)
        }
        return nil
    }
}
