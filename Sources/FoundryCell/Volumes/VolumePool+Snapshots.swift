import CFoundryLinux
import FoundryEffects
import FoundryModel
import FoundryRules

/// Snapshots: read-only copies of a volume's subvolume, which share with it what neither has written anew.
///
/// The image is rewritten in place; after a snapshot the first rewrite of each part goes beside it, once. So a snapshot costs nothing at first, and up to the
/// size of its volume in the end: as much is kept free for it.
extension VolumePool {
    /// Every snapshot on the pool, sorted by id; clears away what was left half made or half removed.
    func observeSnapshots() async throws(FoundryError) -> [SnapshotObservation] {
        let (places, busy) = (try places(), snapping)
        return try await BlockingWork.run { () throws(FoundryError) in
            try SnapshotRemoval(places: places).clearRemains(except: busy)
            return try HostFiles.names(in: places.snapshots).compactMap { name in
                SnapshotID(name).map { Self.read($0, places) }
            }
        }
    }

    /// Takes the snapshot, with the volume's writers held if it is mounted.
    ///
    /// - Throws: `pool_full`: nothing happened then; as `SnapshotMaking`.
    func takeSnapshot(_ order: SnapshotOrder) async throws(FoundryError) -> SnapshotObservation {
        let places = try places()
        if HostFiles.exists(places.snapshot(order.id)) { return Self.read(order.id, places) }
        let size = HostFiles.size(of: places.image(order.volume)) ?? .zero
        try begin(order.volume, making: size)
        snapping.insert(order.id)
        defer {
            end(order.volume)
            snapping.remove(order.id)
        }
        try await admit(size, places)
        // A flush may take long, and holds up nobody else's work.
        return try await OwnThread.run { () throws(FoundryError) in
            try SnapshotMaking(places: places, order: order).make()
            return Self.read(order.id, places)
        }
    }

    func deleteSnapshot(_ id: SnapshotID) async throws(FoundryError) {
        let places = try places()
        snapping.insert(id)
        defer { snapping.remove(id) }
        try await BlockingWork.run { () throws(FoundryError) in try SnapshotRemoval(places: places).delete(id) }
    }

    /// Lets the writers of every volume go on that a process before this one held when it died.
    func thaw() async throws(FoundryError) {
        let places = VolumePlaces(paths)
        let thawed = try await BlockingWork.run { () throws(FoundryError) in
            try MountTable.read().names(in: places.mounts).keys.sorted().filter { name in
                foundry_thaw("\(places.mounts)/\(name)") == 1
            }
        }
        for name in thawed {
            logger.warning("writes to a volume were held by a process that is gone", metadata: ["volume": "\(name)"])
        }
    }

    private static func read(_ id: SnapshotID, _ places: VolumePlaces) -> SnapshotObservation {
        SnapshotObservation(
            id: id, label: SnapshotLabelFile.read(VolumePlaces.snapshotLabel(in: places.snapshot(id))))
    }
}
