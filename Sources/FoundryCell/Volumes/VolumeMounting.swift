import CFoundryLinux
import FoundryEffects
import FoundryModel
import Glibc
import SystemPackage

/// Attaches and mounts one volume.
struct VolumeMounting {
    let places: VolumePlaces
    let id: VolumeID

    enum Outcome: Sendable {
        case mounted(isDirect: Bool)
        case wasMounted
    }

    /// - Throws: `volume_missing`, `volume_empty` (its image is gone), `volume_unreadable` (its file system is damaged), `volume_in_use`.
    func mount() throws(FoundryError) -> Outcome {
        try requirePresent()
        let (image, target) = (places.image(id), places.mount(id))
        if let entry = try MountTable.read().entry(at: target) {
            guard entry.type == "ext4", try LoopDevices.isAttached(device: entry.source, to: image) else {
                throw FoundryError(
                    .volumeForeign, "Something else is mounted at the volume's place.",
                    detail: "\(entry.source) at \(target)")
            }
            return .wasMounted
        }
        return .mounted(isDirect: try Self.mount(image, at: target))
    }

    /// - Returns: whether its loop device passes the pool's cache by.
    /// - Throws: `volume_unreadable` when there is no file system in it that can be used.
    @discardableResult
    static func mount(_ image: String, at target: String) throws(FoundryError) -> Bool {
        try HostFiles.makeDirectory(target)
        let attached = try LoopDevices.attach(image)
        defer { attached.release() }
        try SystemCall.check(
            foundry_mount_volume(attached.device, target), "mount \(attached.device) at \(target)",
            codes: [
                .invalidArgument: .volumeUnreadable, Errno(rawValue: EUCLEAN): .volumeUnreadable,
                .badMessage: .volumeUnreadable, .ioError: .volumeUnreadable,
            ])
        return LoopDevices.isDirect(attached.number)
    }

    func requirePresent() throws(FoundryError) {
        guard HostFiles.exists(places.home(id)) else {
            throw FoundryError(.volumeMissing, "Volume \(id) is not on this cell.", detail: places.home(id))
        }
        guard HostFiles.size(of: places.image(id)) != nil else {
            throw FoundryError(.volumeEmpty, "The data of volume \(id) is gone.", detail: places.image(id))
        }
    }
}
