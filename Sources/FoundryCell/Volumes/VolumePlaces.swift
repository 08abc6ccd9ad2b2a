import FoundryEffects
import FoundryModel

/// Where the parts of a pool lie, with every link resolved.
///
/// `volumes` holds whole volumes only: one is made in `creating` and renamed when it is complete, and renamed to `deleting` before any of it is removed.
struct VolumePlaces: Hashable, Sendable {
    let paths: Paths

    init(_ paths: Paths) { self.paths = Paths(data: HostFiles.realPath(paths.data), instance: paths.instance) }

    var pool: String { paths.pool }
    var poolFile: String { paths.poolFile }
    /// Of the pool's file system: by it a pool is known to be ours.
    var poolLabel: String { "foundry-\(paths.instance)" }
    var volumes: String { "\(pool)/volumes" }
    var creating: String { "\(pool)/creating" }
    var deleting: String { "\(pool)/deleting" }
    var snapshots: String { "\(pool)/snapshots" }
    var snapshotsCreating: String { "\(pool)/snapshots.creating" }
    var snapshotsDeleting: String { "\(pool)/snapshots.deleting" }
    var mounts: String { "\(paths.run)/volumes" }

    func home(_ id: VolumeID) -> String { "\(volumes)/\(id)" }
    func label(_ id: VolumeID) -> String { Self.label(in: home(id)) }
    func image(_ id: VolumeID) -> String { Self.image(in: home(id)) }
    func mount(_ id: VolumeID) -> String { paths.volumeMount(id) }
    func innerLabel(_ id: VolumeID) -> String { Self.label(in: mount(id)) }
    func data(_ id: VolumeID) -> String { "\(mount(id))/\(Self.dataDirectory)" }

    func snapshot(_ id: SnapshotID) -> String { "\(snapshots)/\(id)" }

    static let dataDirectory = "data"
    static func label(in directory: String) -> String { "\(directory)/label.json" }
    static func image(in directory: String) -> String { "\(directory)/disk.img" }
    /// What was taken, a subvolume, and what is said about it.
    static func snapshotData(in directory: String) -> String { "\(directory)/\(dataDirectory)" }
    static func snapshotLabel(in directory: String) -> String { "\(directory)/snapshot.json" }
    static func content(in directory: String) -> String { "\(directory)/content" }
}
