/// Who a member's process is, by number.
public struct ContainerUser: Hashable, Sendable {
    public var uid: UInt32
    public var gid: UInt32
    /// Sorted.
    public var additionalGroups: [UInt32]

    public init(uid: UInt32, gid: UInt32, additionalGroups: [UInt32] = []) {
        self.uid = uid
        self.gid = gid
        self.additionalGroups = additionalGroups
    }

    public static let root = ContainerUser(uid: 0, gid: 0)
}
