/// A member as the controller placed it.
public struct MemberRecord: Hashable, Sendable, Codable {
    public var id: MemberID
    public var app: AppID
    public var index: Int
    public var cell: CellID
    /// The last byte of its address on its cell: 2 to 254, unique on the cell.
    public var slot: Int
    public var volume: VolumeID?

    public init(id: MemberID, app: AppID, index: Int, cell: CellID, slot: Int, volume: VolumeID?) {
        self.id = id
        self.app = app
        self.index = index
        self.cell = cell
        self.slot = slot
        self.volume = volume
    }
}
