import FoundryModel

/// Where the orders speak of what.
struct CellOrderIndex: Sendable {
    private(set) var members: [MemberID: Int] = [:]
    private(set) var volumes: [VolumeID: Int] = [:]
    /// Of the members: which has the volume, which the slot.
    private(set) var users: [VolumeID: Int] = [:]
    private(set) var slots: [Int: Int] = [:]
    /// Of the volumes: that are made from snapshots.
    private(set) var made: [Int] = []
    private(set) var links = NetworkLinks()
    private(set) var range = 0..<0

    init() {}

    init(_ orders: CellOrders) {
        range = orders.members.indices
        members.reserveCapacity(range.count)
        for (position, member) in orders.members.enumerated() {
            members[member.id] = position
            slots[member.slot] = position
            if let volume = member.volume { users[volume] = position }
        }
        for (position, volume) in orders.volumes.enumerated() {
            volumes[volume.id] = position
            if case .make = volume.purpose { made.append(position) }
        }
        links = NetworkLinks(orders.members)
    }
}

extension CellMachine {
    func order(of volume: VolumeID) -> VolumeOrder? { index.volumes[volume].flatMap { orders?.volumes[$0] } }

    func order(of member: MemberID) -> MemberOrder? { index.members[member].flatMap { orders?.members[$0] } }

    /// The member that has the volume.
    func user(of volume: VolumeID) -> MemberOrder? { index.users[volume].flatMap { orders?.members[$0] } }

    /// A container exists that nobody ordered: which volume it may write to is not known.
    var hasStrangers: Bool { containers.keys.contains { index.members[$0] == nil } }
}

/// What may have something new to do: only that is planned.
struct CellDirt: Sendable {
    /// Everything.
    var isWhole = false
    /// Positions in the orders, in any order.
    var members: [Int] = []
    /// That no ordered member has.
    var volumes: [VolumeID] = []

    func sortedMembers() -> [Int] { members.count < 2 ? members : Set(members).sorted() }
}

extension CellMachine {
    mutating func mark(_ member: MemberID) {
        // What nobody ordered may stand in everybody's way.
        guard let position = index.members[member] else { return dirt.isWhole = true }
        dirt.members.append(position)
    }

    mutating func mark(_ lane: CellLane) {
        switch lane {
        case .member(let member): mark(member)
        case .volume(let volume):
            if let position = index.users[volume] { dirt.members.append(position) } else { dirt.volumes.append(volume) }
        case .slot(let slot):
            guard let position = index.slots[slot] else { return dirt.isWhole = true }
            dirt.members.append(position)
        case .snapshot, .fence, .latch, .links: dirt.isWhole = true
        // Verbs are looked at with every plan.
        case .verb: break
        }
    }
}
