import CFoundryLinux
import FoundryEffects
import FoundryModel
import Glibc
import SystemPackage

/// Removes volumes, and what a killed process left half made or half removed.
struct VolumeRemoval {
    let places: VolumePlaces

    /// Out of sight first, then its blocks: what is found in `deleting` was ordered to go.
    func delete(_ id: VolumeID) throws(FoundryError) {
        if HostFiles.exists(places.home(id)) {
            try discard(id, in: places.deleting)
            try SystemCall.check(
                foundry_rename(places.home(id), "\(places.deleting)/\(id)"), "rename \(places.home(id))")
            try SystemCall.check(foundry_sync_file_system(places.pool), "sync \(places.pool)")
        }
        guard HostFiles.exists("\(places.deleting)/\(id)") else { return }
        try discard(id, in: places.deleting)
        try SystemCall.check(foundry_sync_file_system(places.pool), "sync \(places.pool)")
    }

    /// Clears `creating` and `deleting`, and nothing else.
    func clearRemains(except busy: Set<VolumeID>) throws(FoundryError) {
        for directory in [places.creating, places.deleting] {
            for name in try HostFiles.names(in: directory) {
                guard let id = VolumeID(name), !busy.contains(id) else { continue }
                try discard(id, in: directory)
            }
        }
    }

    /// The image goes first by itself: its blocks are then free with the next commit; those of a subvolume only some time later.
    func discard(_ id: VolumeID, in directory: String) throws(FoundryError) {
        let home = "\(directory)/\(id)"
        guard HostFiles.exists(home) else { return }
        guard try LoopDevices.numbers(of: VolumePlaces.image(in: home)).isEmpty else {
            throw FoundryError(.volumeInUse, "A volume that is to be removed is in use.", detail: home)
        }
        try HostFiles.removeFile(VolumePlaces.image(in: home))
        let problem = SystemCall.problem(foundry_subvolume_destroy(directory, id.description))
        switch problem {
        case nil, .noSuchFileOrDirectory: return
        case .invalidArgument, .notDirectory, Errno(rawValue: ENOTTY): try HostFiles.removeTree(home)
        case let problem?: throw SystemCall.error(problem, "remove the subvolume \(home)")
        }
    }
}
