import CFoundryLinux
import FoundryEffects
import FoundryModel
import FoundryRules

/// Sees what lies on a pool, without a process and without a change.
struct VolumeReading {
    let places: VolumePlaces
    var tuner = VolumeTuner(limits: nil)

    /// Every volume, sorted by id. A name that is no volume's is passed over, and left.
    func all() throws(FoundryError) -> [VolumeObservation] {
        let mounts = try MountTable.read().names(in: places.mounts)
        var found: [VolumeObservation] = []
        for name in try HostFiles.names(in: places.volumes) {
            guard let id = VolumeID(name) else { continue }
            found.append(try observation(id, mounts[name]))
        }
        return found
    }

    func one(_ id: VolumeID) throws(FoundryError) -> VolumeObservation {
        try observation(id, try MountTable.read().entry(at: places.mount(id)))
    }

    /// Of the file system inside.
    func used(_ id: VolumeID) throws(FoundryError) -> ByteCount {
        var (total, used, available): (Int64, Int64, Int64) = (0, 0, 0)
        try SystemCall.check(
            foundry_space(places.mount(id), &total, &used, &available), "read the space of \(places.mount(id))")
        return ByteCount(bytes: used)
    }

    /// What all images take together, whole as each is allocated.
    func allotted() throws(FoundryError) -> ByteCount {
        try HostFiles.names(in: places.volumes).reduce(into: ByteCount.zero) { sum, name in
            sum += HostFiles.size(of: VolumePlaces.image(in: "\(places.volumes)/\(name)")) ?? .zero
        }
    }

    /// What all snapshots may come to take together.
    func allottedToSnapshots() throws(FoundryError) -> ByteCount {
        try HostFiles.names(in: places.snapshots).reduce(into: ByteCount.zero) { sum, name in
            let data = VolumePlaces.snapshotData(in: "\(places.snapshots)/\(name)")
            sum += HostFiles.size(of: VolumePlaces.image(in: data)) ?? .zero
        }
    }

    private func observation(
        _ id: VolumeID, _ mount: MountTable.Entry?
    ) throws(FoundryError) -> VolumeObservation {
        VolumeObservation(
            id: id, label: VolumeLabelFile.read(places.label(id)),
            inner: mount == nil ? nil : VolumeLabelFile.read(places.innerLabel(id)),
            used: mount == nil ? nil : try used(id), tuning: mount.map(tuner.read) ?? VolumeTuning())
    }
}
