/// A member as the controller placed it.
public struct MemberRecord: Hashable, Sendable, Codable {
    public var id: MemberID
    public var app: AppID
    public var index: Int
    public var cell: CellID
    /// The last byte of its address on its cell: 2 to 254, unique on the cell.
    public var slot: Int
    public var volume: VolumeID?
    public var role: MemberRole
    /// Grows with every change of role: its container is made anew.
    public var turn: Int
    /// It shall stop, so that another can take over from it.
    public var standsDown: Bool
    /// During a rollout, the app's generation that it still runs; nil: the newest.
    public var pinned: Int?
    /// It is being taken out of the cluster that it is in; nil: it is not.
    public var leave: MemberLeave?

    public init(
        id: MemberID, app: AppID, index: Int, cell: CellID, slot: Int, volume: VolumeID?, role: MemberRole = .primary,
        turn: Int = 0, standsDown: Bool = false, pinned: Int? = nil, leave: MemberLeave? = nil
    ) {
        self.id = id
        self.app = app
        self.index = index
        self.cell = cell
        self.slot = slot
        self.volume = volume
        self.role = role
        self.turn = turn
        self.standsDown = standsDown
        self.pinned = pinned
        self.leave = leave
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(MemberID.self, forKey: .id)
        app = try container.decode(AppID.self, forKey: .app)
        index = try container.decode(Int.self, forKey: .index)
        cell = try container.decode(CellID.self, forKey: .cell)
        slot = try container.decode(Int.self, forKey: .slot)
        volume = try container.decodeIfPresent(VolumeID.self, forKey: .volume)
        role = try container.decodeIfPresent(MemberRole.self, forKey: .role) ?? .primary
        turn = try container.decodeIfPresent(Int.self, forKey: .turn) ?? 0
        standsDown = try container.decodeIfPresent(Bool.self, forKey: .standsDown) ?? false
        pinned = try container.decodeIfPresent(Int.self, forKey: .pinned)
        leave = try container.decodeIfPresent(MemberLeave.self, forKey: .leave)
    }
}

/// How far a member is that the others of its cluster shall do without. Nobody comes back from it: a member that is wanted again is another one.
public enum MemberLeave: Hashable, Sendable, Codable {
    /// The verb that takes it out was ordered, and may have run.
    case asked(VerbID)
    /// The others do not count on it any more.
    case done
}

public enum MemberRole: String, Hashable, Sendable, Codable, CaseIterable {
    /// Writes.
    case primary
    /// Follows the primary, and can take over from it.
    case replica
}
