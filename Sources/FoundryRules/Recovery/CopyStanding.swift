import FoundryModel

/// How a copy of a workload's data can be reached: its cell's sight, and whether that cell is still the one that it was put on.
enum CopyStanding: Hashable, Sendable {
    case reachable
    case late(milliseconds: Int64)
    /// Silent for T, and its session has not been expired.
    case overdue
    /// A fence is in force against the incarnation that it lies on.
    indirect case fenced(FenceRecord)
    /// The cell is back, and the fence against it is about to be lifted.
    case returning
    /// Its session expired and a person lifted the fence, or another incarnation answers and none is in force yet.
    case unfenced
    case unheard

    /// Nothing is known of what becomes of it, for longer than a fault that passes.
    var isLost: Bool {
        switch self {
        case .fenced, .unfenced, .unheard: true
        case .reachable, .late, .overdue, .returning: false
        }
    }
}

extension RecoveryFacts {
    /// - Parameter incarnation: of the cell when the copy was put there; nil: whichever.
    func standing(on cell: CellID, _ incarnation: IncarnationID?) -> CopyStanding {
        let present = view.incarnation(of: cell)
        let isReplaced = view.isReplaced(incarnation, on: cell)
        if let fence = view.openFence(of: cell, incarnation ?? present)?.value {
            let isBack = !isReplaced && fence.cause == .silence && view.sessions[cell]?.value.state == .alive
            return isBack ? .returning : .fenced(fence)
        }
        if isReplaced { return .unfenced }
        return switch sights[cell] {
        case .unwatched, .living: .reachable
        case .late(let milliseconds): .late(milliseconds: milliseconds)
        case .overdue: .overdue
        case .expired: .unfenced
        case .unheard: .unheard
        }
    }
}
