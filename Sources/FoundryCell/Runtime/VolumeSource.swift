/// A directory of the cell that a member sees.
public struct VolumeSource: Hashable, Sendable {
    /// On the cell.
    public var source: String
    /// Absolute, inside the member.
    public var path: String

    public init(source: String, path: String) {
        self.source = source
        self.path = path
    }
}
