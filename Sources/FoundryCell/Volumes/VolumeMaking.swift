import CFoundryLinux
import FoundryEffects
import FoundryModel
import Glibc
import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Makes one volume beside the others, and renames it into its place when it is complete and on the disk.
struct VolumeMaking {
    let places: VolumePlaces
    let order: VolumeOrder
    /// Of the image: its data directories belong to it.
    let owner: (uid: UInt32, gid: UInt32)
    let machineID: String

    private var home: String { "\(places.creating)/\(order.id)" }
    private var image: String { VolumePlaces.image(in: home) }
    private var content: String { VolumePlaces.content(in: home) }

    private var label: VolumeLabel {
        VolumeLabel(
            volume: order.id, lineage: order.lineage, branch: order.branch, epoch: .none, role: .holder, sealed: true,
            machineID: machineID,
            size: order.size)
    }

    func make(command: Command) async throws(FoundryError) {
        do throws(FoundryError) {
            try await BlockingWork.run { () throws(FoundryError) in try prepare() }
            try await command.run("mkfs.ext4", formatArguments, limit: .seconds(120))
            try await BlockingWork.run { () throws(FoundryError) in try settle() }
        } catch {
            try? await BlockingWork.run { () throws(FoundryError) in
                try VolumeRemoval(places: places).discard(order.id, in: places.creating)
            }
            throw error
        }
    }

    private func prepare() throws(FoundryError) {
        try VolumeRemoval(places: places).discard(order.id, in: places.creating)
        try SystemCall.check(
            foundry_subvolume_create(places.creating, order.id.description), "make the subvolume \(home)",
            codes: Self.full)
        try allocateImage()
        try layOutContent()
    }

    /// What was deleted a moment ago may still be on its way to the free blocks: a sync brings it there.
    private func allocateImage() throws(FoundryError) {
        let descriptor: FileDescriptor
        do {
            descriptor = try FileDescriptor.open(
                FilePath(image), .readWrite, options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: .ownerReadWrite)
        } catch {
            throw SystemCall.error(error as? Errno ?? .ioError, "make \(image)", codes: Self.full)
        }
        defer { try? descriptor.close() }
        try SystemCall.check(foundry_disable_copy_on_write(descriptor.rawValue), "disable copy-on-write of \(image)")
        if SystemCall.problem(foundry_allocate(descriptor.rawValue, order.size.bytes)) == nil { return }
        try SystemCall.check(foundry_sync_file_system(places.pool), "sync \(places.pool)")
        try SystemCall.check(
            foundry_allocate(descriptor.rawValue, order.size.bytes), "allocate \(image)", codes: Self.full)
    }

    /// mkfs.ext4 copies this into the new file system, so it need not be mounted to be filled.
    private func layOutContent() throws(FoundryError) {
        let data = "\(content)/\(VolumePlaces.dataDirectory)"
        let directories = order.directories.filter { !$0.isEmpty }
        for directory in directories {
            guard Self.isPlain(directory) else {
                throw FoundryError(.mountInvalid, "A volume cannot have a directory of this name.", detail: directory)
            }
            try HostFiles.makeDirectory("\(data)/\(directory)", mode: 0o755)
        }
        try HostFiles.makeDirectory(data, mode: 0o755)
        for path in directories.isEmpty ? [data] : directories.map({ "\(data)/\($0)" }) {
            try SystemCall.check(lchown(path, owner.uid, owner.gid), "give \(path) to its user")
            try SystemCall.check(chmod(path, 0o700), "set the mode of \(path)")
        }
        try VolumeLabelFile.write(label, to: VolumePlaces.label(in: content))
    }

    /// The image is allocated and reads as zeros: nothing needs to be written for the inode tables and the journal, or discarded.
    private var formatArguments: [String] {
        [
            "-q", "-F", "-t", "ext4", "-b", "4096", "-I", "256", "-i", "16384", "-m", "0", "-e", "remount-ro", "-L",
            order.id.short,
            "-E", "nodiscard,assume_storage_prezeroed=1,root_owner=0:0", "-d", content, image,
        ]
    }

    private func settle() throws(FoundryError) {
        try HostFiles.removeTree(content)
        try VolumeLabelFile.write(label, to: VolumePlaces.label(in: home))
        try Self.settle(order.id, in: places)
    }

    /// One that is whole in `creating`, and that nobody uses, is brought to its place; on the disk when it returns.
    static func settle(_ id: VolumeID, in places: VolumePlaces) throws(FoundryError) {
        let home = "\(places.creating)/\(id)"
        let image = VolumePlaces.image(in: home)
        do {
            let descriptor = try FileDescriptor.open(FilePath(image), .readWrite, options: [.closeOnExec])
            try descriptor.closeAfter { try DurableFile.sync(descriptor) }
        } catch {
            throw SystemCall.error(error as? Errno ?? .ioError, "sync \(image)", codes: full)
        }
        try SystemCall.check(foundry_rename(home, places.home(id)), "rename \(home)", codes: full)
        try SystemCall.check(foundry_sync_file_system(places.pool), "sync \(places.pool)")
    }

    static let full: [Errno: ErrorCode] = [.noSpace: .poolFull, Errno(rawValue: EDQUOT): .poolFull]

    private static func isPlain(_ directory: String) -> Bool {
        directory.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
            !$0.isEmpty && $0 != "." && $0 != ".."
        }
    }
}
