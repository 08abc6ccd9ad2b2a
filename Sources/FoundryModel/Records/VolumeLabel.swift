/// What a volume says about itself, beside its data; design 5.9.
public struct VolumeLabel: Hashable, Sendable, Codable {
    public static let currentVersion = 1

    public var version: Int
    public var volume: VolumeID
    public var lineage: LineageID
    public var branch: Int
    public var epoch: Epoch
    public var role: VolumeRole
    /// The last holder stopped before the last byte of this copy was written.
    public var sealed: Bool
    /// Of the machine that wrote the label.
    public var machineID: String
    public var size: ByteCount

    public init(
        version: Int = Self.currentVersion, volume: VolumeID, lineage: LineageID, branch: Int, epoch: Epoch,
        role: VolumeRole,
        sealed: Bool, machineID: String, size: ByteCount
    ) {
        self.version = version
        self.volume = volume
        self.lineage = lineage
        self.branch = branch
        self.epoch = epoch
        self.role = role
        self.sealed = sealed
        self.machineID = machineID
        self.size = size
    }
}

public enum VolumeRole: String, Hashable, Sendable, Codable {
    case holder
    case replica
}
