import FoundryEffects
import FoundryModel
import FoundryRules

/// Volumes that begin as a snapshot: a copy that shares with it what neither has written anew, and counts whole.
extension VolumePool {
    /// - Throws: `pool_full`: nothing happened then; `snapshot_not_found`, `snapshot_foreign`; `volume_foreign` and `volume_unreadable` when something else is
    ///   there, which is left as it is.
    func clone(
        _ order: VolumeOrder, from snapshot: SnapshotID, machineID: String
    ) async throws(FoundryError) -> VolumeObservation {
        let places = try places()
        let cloning = VolumeCloning(places: places, order: order, snapshot: snapshot, machineID: machineID)
        let isThere = HostFiles.exists(places.home(order.id))
        let size = isThere ? .zero : try cloning.size()
        try begin(order.id, making: size)
        defer { end(order.id) }
        if let existing = try existing(order, places) { return existing }
        try await admit(size, places)
        do throws(FoundryError) {
            try await OwnThread.run { () throws(FoundryError) in try cloning.prepare() }
            try await releaseCopy(order.id, places)
            try await BlockingWork.run { () throws(FoundryError) in try cloning.settle() }
        } catch {
            try? await releaseCopy(order.id, places)
            try? await BlockingWork.run { () throws(FoundryError) in
                try VolumeRemoval(places: places).discard(order.id, in: places.creating)
            }
            throw error
        }
        return try await read(order.id, places)
    }

    /// A killed process may have left one mounted that it was making.
    func releaseRemains(except busy: Set<VolumeID>) async throws(FoundryError) {
        let places = try places()
        for name in try HostFiles.names(in: places.creating) {
            guard let id = VolumeID(name), !busy.contains(id), !HostFiles.exists(places.home(id)) else { continue }
            try await releaseCopy(id, places)
        }
    }

    private func releaseCopy(_ id: VolumeID, _ places: VolumePlaces) async throws(FoundryError) {
        let image = VolumePlaces.image(in: "\(places.creating)/\(id)")
        let release = VolumeRelease(image: image, mount: places.mount(id))
        let obstacle = try await Patience.wait(limit: releaseLimit) { attempt throws(FoundryError) in
            try release.step(attempt)
        }
        guard let obstacle else { return }
        throw FoundryError(
            .volumeInUse, "Volume \(id), which is being made, is still in use.", detail: obstacle + release.users(),
            hint: "findmnt \(places.mount(id))")
    }
}
