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

/// One thing that keeps a cell from taking a member, and what the words about it need.
public enum PlacementLack: Hashable, Sendable {
    /// What is asked, what is free (not below zero), and what there is.
    public struct Figures: Hashable, Sendable {
        public var asked: Int64
        public var free: Int64
        public var total: Int64
    }

    case unavailable(CellAvailability)
    case noCopy
    case avoided
    case cellSpread
    case zoneSpread(String)
    case notNear(AppID)
    case notApart(AppID)
    case memory(Figures)
    case disk(Figures)
    case cpu(Figures)
    case operations(Figures)
    case throughput(Figures)
    case address
    case headroom(HeadroomGap)

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

    public var reason: Reason {
        switch self {
        case .unavailable: .unavailable
        case .noCopy: .noCopy
        case .avoided: .avoided
        case .cellSpread: .cellSpread
        case .zoneSpread: .zoneSpread
        case .notNear: .notNear
        case .notApart: .notApart
        case .memory: .memory
        case .disk: .disk
        case .cpu: .cpu
        case .operations: .operations
        case .throughput: .throughput
        case .address: .address
        case .headroom: .headroom
        }
    }
}
