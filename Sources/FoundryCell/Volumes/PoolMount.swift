import CFoundryLinux
import FoundryEffects
import FoundryModel
import Glibc

/// Brings a pool to its place in this mount namespace, or adopts the one that is there.
struct PoolMount {
    let places: VolumePlaces
    let configuration: PoolConfiguration
    let command: Command

    /// - Returns: the pool's size; nil when it is a directory whose btrfs is shared with others.
    func open() async throws(FoundryError) -> ByteCount? {
        if case .file(let wanted) = configuration { try await makeFile(wanted) }
        try HostFiles.makeDirectory(places.pool)
        try HostFiles.makeDirectory(places.mounts)
        let mounted = try MountTable.read().entry(at: places.pool)
        if let mounted { try requireOurs(mounted) }
        let size: ByteCount?
        switch configuration {
        case .file: size = try await openFile(isMounted: mounted != nil)
        case .device(let device): size = try await openDevice(HostFiles.realPath(device), isMounted: mounted != nil)
        case .directory(let directory):
            if mounted == nil { try await openDirectory(directory) }
            size = nil
        }
        for directory in [
            places.volumes, places.creating, places.deleting, places.snapshots, places.snapshotsCreating,
            places.snapshotsDeleting,
        ] { try HostFiles.makeDirectory(directory) }
        return size
    }

    /// A pool that was there is not made anew: the directory that it is mounted at is made after it.
    private func makeFile(_ size: ByteCount) async throws(FoundryError) {
        guard HostFiles.exists(places.poolFile) || !HostFiles.exists(places.pool) else {
            throw FoundryError(
                .configurationInvalid, "The pool's file is missing, and with it every disk; it is not made anew.",
                detail: places.poolFile,
                hint: "put it back where it was; if there never was one, `rmdir \(places.pool)`")
        }
        try await PoolFile(places: places, command: command).make(size: size)
    }

    private func openFile(isMounted: Bool) async throws(FoundryError) -> ByteCount {
        guard let size = HostFiles.size(of: places.poolFile),
            try BtrfsSuperblock.read(places.poolFile)?.label == places.poolLabel
        else {
            throw FoundryError(
                .configurationInvalid, "The pool's file is not a pool of this installation; it is left as it is.",
                detail: places.poolFile,
                hint: "put the right file there; the cell goes on by itself")
        }
        if !isMounted { try await BlockingWork.run { [places] () throws(FoundryError) in try Self.mountFile(places) } }
        return size
    }

    /// A device that is attached already is taken as it is: two over one file would destroy it.
    private static func mountFile(_ places: VolumePlaces) throws(FoundryError) {
        let attached: LoopDevices.Attached
        if let number = try LoopDevices.numbers(of: places.poolFile).first {
            attached = try LoopDevices.hold(number)
        } else {
            attached = try LoopDevices.attach(places.poolFile)
        }
        defer { attached.release() }
        try SystemCall.check(
            foundry_mount_pool(attached.device, places.pool), "mount \(attached.device) at \(places.pool)")
    }

    private func openDevice(_ device: String, isMounted: Bool) async throws(FoundryError) -> ByteCount {
        if isMounted { return try PoolDevice.size(device) }
        let size = try await PoolDevice(device: device, label: places.poolLabel, command: command).prepare()
        try await BlockingWork.run { [places] () throws(FoundryError) in
            try SystemCall.check(foundry_mount_pool(device, places.pool), "mount \(device) at \(places.pool)")
        }
        return size
    }

    /// Ours is a directory of its own in it, so several installations can share one btrfs.
    private func openDirectory(_ directory: String) async throws(FoundryError) {
        guard foundry_is_btrfs(directory) == 1 else {
            throw FoundryError(
                .configurationInvalid, "\(directory) is not a directory on a btrfs.",
                hint: "findmnt --target \(directory)")
        }
        let ours = "\(directory)/\(places.poolLabel)"
        try HostFiles.makeDirectory(ours)
        try SystemCall.check(foundry_mount_directory(ours, places.pool), "bind \(ours) to \(places.pool)")
    }

    private func requireOurs(_ mounted: MountTable.Entry) throws(FoundryError) {
        let isOurs: Bool =
            switch configuration {
            case .file: try LoopDevices.isAttached(device: mounted.source, to: places.poolFile)
            case .device(let device): HostFiles.realPath(mounted.source) == HostFiles.realPath(device)
            case .directory(let directory): Self.isSameDirectory("\(directory)/\(places.poolLabel)", places.pool)
            }
        guard mounted.type == "btrfs", isOurs else {
            throw FoundryError(
                .configurationInvalid, "Something that is not the configured pool is mounted at its place.",
                detail: "\(mounted.source) (\(mounted.type)) at \(mounted.target)", hint: "findmnt \(mounted.target)")
        }
    }

    private static func isSameDirectory(_ left: String, _ right: String) -> Bool {
        var (one, other) = (stat(), stat())
        return stat(left, &one) == 0 && stat(right, &other) == 0 && one.st_dev == other.st_dev
            && one.st_ino == other.st_ino
    }
}
