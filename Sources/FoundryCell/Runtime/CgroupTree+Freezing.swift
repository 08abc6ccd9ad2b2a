import FoundryEffects
import FoundryModel

extension CgroupTree {
    /// The hierarchy in which groups are frozen.
    var freezer: String { version == .v1 ? "freezer" : Self.unified }

    /// It holds still, or is about to: it was told so, or a group above it was.
    func isFrozen(_ group: String) -> Bool {
        switch version {
        case .v1: return read(group, freezer, "freezer.state").map { !$0.hasPrefix("THAWED") } ?? false
        case .v2:
            let parts = group.split(separator: "/")
            return parts.indices.contains { last in
                let path = parts[...last].map { "/\($0)" }.joined()
                return read(path, freezer, "cgroup.freeze").map { $0.hasPrefix("1") } ?? false
            }
        }
    }

    func setFrozen(_ group: String, _ isFrozen: Bool) throws(FoundryError) {
        switch version {
        case .v1: try write(isFrozen ? "FROZEN" : "THAWED", group, freezer, "freezer.state")
        case .v2: try write(isFrozen ? "1" : "0", group, freezer, "cgroup.freeze")
        }
    }
}
