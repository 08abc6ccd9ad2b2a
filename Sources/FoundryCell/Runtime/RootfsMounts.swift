import CFoundryLinux
import FoundryEffects
import FoundryModel
import Glibc
import SystemPackage

/// The root file systems of members: an overlay over the image's layers, whose upper layer is a small tmpfs and goes with the mount.
///
/// So a member's own files are in memory, bounded, counted to the member, and never on the cell's disk.
public struct RootfsMounts: Sendable {
    /// Of what a member may change outside of its volume, `/tmp` and `/dev/shm`.
    static let scratchSize = ByteCount.megabytes(64)
    private static let scratchFiles = 65_536

    private let paths: Paths

    public init(paths: Paths) { self.paths = paths }

    /// Mounts a fresh overlay; one that a killed process left, whole or half, is removed first.
    ///
    /// - Parameter layers: directories, the uppermost first (`ImageStore.lowerDirectories`).
    /// - Returns: the root file system's directory.
    @discardableResult
    public func mount(_ member: MemberID, layers: [String]) throws(FoundryError) -> String {
        try unmount(member)
        let (home, scratch, links) = (home(member), "\(home(member))/scratch", "\(home(member))/layers")
        for directory in [home, scratch, links, paths.rootfs(member)] { try HostFiles.makeDirectory(directory) }
        let options = "size=\(Self.scratchSize.bytes),nr_inodes=\(Self.scratchFiles),mode=0700"
        try SystemCall.check(foundry_mount_scratch(scratch, options), "mount a tmpfs at \(scratch)")
        try HostFiles.makeDirectory("\(scratch)/upper", mode: 0o755)
        try HostFiles.makeDirectory("\(scratch)/work")
        // Options fit into one page: each layer gets a name of at most three digits, relative to the links' directory.
        for (index, layer) in layers.enumerated() {
            try SystemCall.check(symlink(layer, "\(links)/\(index)"), "link \(layer)")
        }
        try SystemCall.check(
            foundry_mount_overlay(links, paths.rootfs(member), Self.options(layers: layers.count)),
            "mount an overlay for \(member)",
            codes: [.noSuchFileOrDirectory: .imageUnknown, Errno(rawValue: ENODEV): .machineUnfit])
        return paths.rootfs(member)
    }

    /// Nothing happens when nothing is there.
    public func unmount(_ member: MemberID) throws(FoundryError) {
        let mounts = try MountTable.read()
        for place in [paths.rootfs(member), "\(home(member))/scratch"] {
            for entry in mounts.entries where entry.target == place {
                try SystemCall.check(foundry_unmount(place), "unmount \(entry.type) at \(place)")
            }
        }
        try removeHome(member)
    }

    /// Only directories that are empty: should anything still be mounted, nothing in it is touched.
    private func removeHome(_ member: MemberID) throws(FoundryError) {
        let links = "\(home(member))/layers"
        for name in try HostFiles.names(in: links) { try HostFiles.removeFile("\(links)/\(name)") }
        for directory in [links, "\(home(member))/scratch", paths.rootfs(member), home(member)] {
            guard HostFiles.exists(directory), rmdir(directory) != 0 else { continue }
            throw SystemCall.error(Errno(rawValue: foundry_errno()), "remove \(directory)")
        }
    }

    /// Members that have a root file system, whole or in part.
    public func observe() throws(FoundryError) -> Set<MemberID> {
        Set(try HostFiles.names(in: "\(paths.run)/members").compactMap { MemberID($0) })
    }

    private func home(_ member: MemberID) -> String { "\(paths.run)/members/\(member)" }

    /// Whatever the kernel's defaults are, nothing in a layer steers the overlay.
    private static func options(layers: Int) -> String {
        let lower = (0..<layers).map(String.init).joined(separator: ":")
        return
            "lowerdir=\(lower),upperdir=../scratch/upper,workdir=../scratch/work,redirect_dir=nofollow,metacopy=off,index=off"
    }
}
