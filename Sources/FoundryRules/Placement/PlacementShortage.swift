import FoundryModel

/// Why a member has no place: what was short on the cells that came nearest, and what was common to all.
public struct PlacementShortage: Error, Hashable, Sendable {
    public struct Count: Hashable, Sendable {
        public var reason: PlacementLack.Reason
        public var cells: Int
    }

    /// One cell, and everything that it lacks.
    public struct Nearest: Hashable, Sendable {
        public var cell: CellID
        public var lacks: [PlacementLack]
    }

    /// How many cells are known.
    public var cells: Int
    /// On how many of them each reason holds, in the order of `PlacementLack.Reason`; reasons that hold on none are left out.
    public var counts: [Count]
    /// At most three: first those that no rule excludes, then by what is missing, then by id.
    public var nearest: [Nearest]

    /// What holds on every cell.
    public var common: [PlacementLack.Reason] { counts.filter { $0.cells == cells }.map(\.reason) }
}

/// One thing that keeps a cell from taking a member.
public struct PlacementLack: Hashable, Sendable {
    /// In the order in which they are told.
    public enum Reason: Int, Hashable, Sendable, CaseIterable {
        case unavailable
        case noCopy
        case avoided
        case cellSpread
        case zoneSpread
        case notNear
        case notApart
        case memory
        case disk
        case cpu
        case operations
        case throughput
        case address
        case headroom
    }

    public var reason: Reason
    public var figures: Figures

    /// What the words need beside the reason.
    public enum Figures: Hashable, Sendable {
        case none
        case availability(CellAvailability)
        case zone(String)
        case workload(AppID)
        /// What is asked, what is free (not below zero), and what there is.
        case amounts(asked: Int64, free: Int64, of: Int64)
        case gap(HeadroomGap)
    }
}
