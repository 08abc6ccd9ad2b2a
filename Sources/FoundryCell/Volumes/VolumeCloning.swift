import CFoundryLinux
import FoundryEffects
import FoundryModel
import Glibc
import SystemPackage

/// Makes one volume from a snapshot, beside the others, and renames it into its place when it is its own and on the disk.
///
/// Both labels are written anew before anything can find it: what lies in `volumes` never says that it is the snapshot's source. Its file system keeps the
/// identity of that one; nothing here finds a file system by it, and ext4 mounts both.
struct VolumeCloning {
    let places: VolumePlaces
    let order: VolumeOrder
    let snapshot: SnapshotID
    let machineID: String

    private var home: String { "\(places.creating)/\(order.id)" }
    private var image: String { VolumePlaces.image(in: home) }
    private var source: String { VolumePlaces.snapshotData(in: places.snapshot(snapshot)) }

    /// Of what it will be, as the snapshot's label has it.
    ///
    /// - Throws: `snapshot_not_found`; `snapshot_foreign` when its label cannot be read, or is another's.
    func size() throws(FoundryError) -> ByteCount { try label().size }

    /// The copy is there, and is mounted at the volume's place with its own label inside.
    func prepare() throws(FoundryError) {
        let label = try label()
        try VolumeRemoval(places: places).discard(order.id, in: places.creating)
        try SystemCall.check(
            foundry_subvolume_copy(source, places.creating, order.id.description), "copy \(source)",
            codes: VolumeMaking.full)
        try VolumeLabelFile.write(own(label), to: VolumePlaces.label(in: home))
        let target = places.mount(order.id)
        try VolumeMounting.mount(image, at: target)
        try relabel(label)
        try SystemCall.check(foundry_sync_file_system(target), "flush \(target)")
    }

    /// Nothing has it mounted any more: it is brought to its place.
    func settle() throws(FoundryError) { try VolumeMaking.settle(order.id, in: places) }

    /// The data inside must be what the snapshot's label says: it carries the label that it had when it was taken.
    private func relabel(_ label: VolumeLabel) throws(FoundryError) {
        let inner = places.innerLabel(order.id)
        guard case .label(let found) = VolumeLabelFile.read(inner), found.volume == label.volume,
            found.lineage == label.lineage, found.branch == label.branch
        else {
            throw FoundryError(
                .snapshotForeign, "Snapshot \(snapshot.short) has other data inside than its label says.")
        }
        try VolumeLabelFile.write(own(label), to: inner)
    }

    /// As one that was just made has it; a size that is not as large as the order's is grown when it is used.
    private func own(_ label: VolumeLabel) -> VolumeLabel {
        VolumeLabel(
            volume: order.id, lineage: order.lineage, branch: order.branch, epoch: .none, role: .holder, sealed: true,
            machineID: machineID, size: label.size)
    }

    private func label() throws(FoundryError) -> VolumeLabel {
        guard HostFiles.exists(places.snapshot(snapshot)) else {
            throw FoundryError(.snapshotNotFound, "Snapshot \(snapshot.short) is not on this cell.")
        }
        let found = SnapshotLabelFile.read(VolumePlaces.snapshotLabel(in: places.snapshot(snapshot)))
        guard let found, found.snapshot == snapshot else {
            throw FoundryError(
                .snapshotForeign, "The label of snapshot \(snapshot.short) cannot be read, or is another's.",
                hint: "foundry snapshots")
        }
        return found.source
    }
}
