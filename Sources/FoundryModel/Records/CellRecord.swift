/// A machine that runs members.
public struct CellRecord: Hashable, Sendable, Codable {
    public var id: CellID
    public var zone: String
    public var capacity: CellCapacity
    public var machineID: String
    public var bootID: String
    /// nil where no sessions are held: on a platform of one machine.
    public var incarnation: IncarnationID?
    public var duty: CellDuty
    /// A person said that a machine under a hypervisor is never paused, or that it does not matter.
    public var trustsPause: Bool
    /// Devices that can cut its power: levels, tried in order; a level counts when all its devices say off.
    public var power: [[PowerDevice]]
    /// Its kernel lets a volume grow only while nothing uses it.
    public var growsAtRest: Bool

    public init(
        id: CellID, zone: String, capacity: CellCapacity, machineID: String, bootID: String,
        incarnation: IncarnationID? = nil, duty: CellDuty = .active, trustsPause: Bool = false,
        power: [[PowerDevice]] = [], growsAtRest: Bool = false
    ) {
        self.id = id
        self.zone = zone
        self.capacity = capacity
        self.machineID = machineID
        self.bootID = bootID
        self.incarnation = incarnation
        self.duty = duty
        self.trustsPause = trustsPause
        self.power = power
        self.growsAtRest = growsAtRest
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(CellID.self, forKey: .id)
        zone = try container.decode(String.self, forKey: .zone)
        capacity = try container.decode(CellCapacity.self, forKey: .capacity)
        machineID = try container.decode(String.self, forKey: .machineID)
        bootID = try container.decode(String.self, forKey: .bootID)
        incarnation = try container.decodeIfPresent(IncarnationID.self, forKey: .incarnation)
        duty = try container.decodeIfPresent(CellDuty.self, forKey: .duty) ?? .active
        trustsPause = try container.decodeIfPresent(Bool.self, forKey: .trustsPause) ?? false
        power = try container.decodeIfPresent([[PowerDevice]].self, forKey: .power) ?? []
        growsAtRest = try container.decodeIfPresent(Bool.self, forKey: .growsAtRest) ?? false
    }
}

public struct CellCapacity: Hashable, Sendable, Codable {
    public var memory: ByteCount
    public var cpu: Millicores
    /// What volumes may take of the pool: its size without the snapshot budget and the reserve of 5%.
    public var disk: ByteCount

    public init(memory: ByteCount, cpu: Millicores, disk: ByteCount) {
        self.memory = memory
        self.cpu = cpu
        self.disk = disk
    }
}

public enum CellDuty: String, Hashable, Sendable, Codable, CaseIterable {
    case active
    /// Takes no new members, and those it has are moved away in order.
    case drained
}
