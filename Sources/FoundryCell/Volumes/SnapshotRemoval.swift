import CFoundryLinux
import FoundryEffects
import FoundryModel
import Glibc
import SystemPackage

/// Removes snapshots, and what a killed process left half made or half removed.
struct SnapshotRemoval {
    let places: VolumePlaces

    /// Out of sight first, then its blocks: what is found in `snapshots.deleting` was ordered to go.
    func delete(_ id: SnapshotID) throws(FoundryError) {
        if HostFiles.exists(places.snapshot(id)) {
            try discard(id, in: places.snapshotsDeleting)
            let target = "\(places.snapshotsDeleting)/\(id)"
            try SystemCall.check(foundry_rename(places.snapshot(id), target), "rename \(places.snapshot(id))")
            try SystemCall.check(foundry_sync_file_system(places.pool), "sync \(places.pool)")
        }
        guard HostFiles.exists("\(places.snapshotsDeleting)/\(id)") else { return }
        try discard(id, in: places.snapshotsDeleting)
        try SystemCall.check(foundry_sync_file_system(places.pool), "sync \(places.pool)")
    }

    /// Clears `snapshots.creating` and `snapshots.deleting`, and nothing else.
    func clearRemains(except busy: Set<SnapshotID>) throws(FoundryError) {
        for directory in [places.snapshotsCreating, places.snapshotsDeleting] {
            for name in try HostFiles.names(in: directory) {
                guard let id = SnapshotID(name), !busy.contains(id) else { continue }
                try discard(id, in: directory)
            }
        }
    }

    /// The image goes first by itself: its blocks are then free with the next commit; those of a subvolume only some time later.
    func discard(_ id: SnapshotID, in directory: String) throws(FoundryError) {
        let home = "\(directory)/\(id)"
        let data = VolumePlaces.snapshotData(in: home)
        switch SystemCall.problem(foundry_subvolume_make_writable(data)) {
        case nil:
            try HostFiles.removeFile(VolumePlaces.image(in: data))
            try SystemCall.check(
                foundry_subvolume_destroy(home, VolumePlaces.dataDirectory), "remove the subvolume \(data)")
        // There is none, or what is there is none.
        case .noSuchFileOrDirectory, .invalidArgument, .notDirectory, Errno(rawValue: ENOTTY): break
        case let problem?: throw SystemCall.error(problem, "make \(data) writable")
        }
        try HostFiles.removeTree(home)
    }
}
