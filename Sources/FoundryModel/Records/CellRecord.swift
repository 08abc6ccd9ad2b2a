/// A machine that runs members.
public struct CellRecord: Hashable, Sendable, Codable {
    public var id: CellID
    public var zone: String
    public var capacity: CellCapacity
    public var machineID: String
    public var bootID: String

    public init(id: CellID, zone: String, capacity: CellCapacity, machineID: String, bootID: String) {
        self.id = id
        self.zone = zone
        self.capacity = capacity
        self.machineID = machineID
        self.bootID = bootID
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
