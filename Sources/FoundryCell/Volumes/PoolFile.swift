import CFoundryLinux
import FoundryEffects
import FoundryModel
import SystemPackage

/// Makes the file that a pool lies on: whole, under another name, and renamed when it is complete.
struct PoolFile {
    let places: VolumePlaces
    let command: Command

    private var unfinished: String { places.poolFile + ".new" }

    /// Nothing happens when it exists.
    ///
    /// - Throws: `configuration_invalid` for a size that is no pool, `machine_unfit` when the disk has no room.
    func make(size: ByteCount) async throws(FoundryError) {
        guard !HostFiles.exists(places.poolFile) else { return }
        guard size >= PoolBudget.smallestPool else {
            throw FoundryError(
                .configurationInvalid, "A pool of \(size) is too small; the least is \(PoolBudget.smallestPool).")
        }
        let (path, data) = (unfinished, places.paths.data)
        try await BlockingWork.run { () throws(FoundryError) in try Self.allocate(path, size, in: data) }
        do throws(FoundryError) {
            try await PoolFormat.format(path, label: places.poolLabel, command: command)
            try await BlockingWork.run { [places] () throws(FoundryError) in try Self.settle(path, places) }
        } catch {
            try HostFiles.removeFile(path)
            throw error
        }
    }

    private static func allocate(_ path: String, _ size: ByteCount, in data: String) throws(FoundryError) {
        try HostFiles.removeFile(path)
        let descriptor: FileDescriptor
        do {
            descriptor = try FileDescriptor.open(
                FilePath(path), .readWrite, options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: .ownerReadWrite)
        } catch {
            throw FoundryError(.machineUnfit, "The pool's file cannot be made.", detail: "\(path): \(error)")
        }
        defer { try? descriptor.close() }
        if foundry_is_btrfs(data) == 1 {
            try SystemCall.check(foundry_disable_copy_on_write(descriptor.rawValue), "disable copy-on-write of \(path)")
        }
        guard let problem = SystemCall.problem(foundry_allocate(descriptor.rawValue, size.bytes)) else { return }
        try HostFiles.removeFile(path)
        throw FoundryError(
            .machineUnfit,
            problem == .noSpace
                ? "The disk has no room for a pool of \(size)." : "A file of \(size) cannot be allocated.",
            detail: "\(path): \(problem)")
    }

    private static func settle(_ path: String, _ places: VolumePlaces) throws(FoundryError) {
        do {
            let descriptor = try FileDescriptor.open(FilePath(path), .readWrite, options: [.closeOnExec])
            try descriptor.closeAfter { try DurableFile.sync(descriptor) }
            try SystemCall.check(foundry_rename(path, places.poolFile), "rename \(path)")
            try DurableFile.syncDirectory(places.paths.data)
        } catch let error as FoundryError {
            throw error
        } catch {
            throw FoundryError(
                .machineUnfit, "The pool's file cannot be brought to the disk.", detail: "\(path): \(error)")
        }
    }
}

/// The file system of a pool.
enum PoolFormat {
    /// mkfs.btrfs refuses by itself what carries a file system; it writes its magic last, so a half-made one is none.
    static func format(_ path: String, label: String, command: Command) async throws(FoundryError) {
        try await command.run(
            "mkfs.btrfs", ["--quiet", "--nodiscard", "--metadata", "dup", "--data", "single", "--label", label, path],
            limit: .seconds(120))
    }
}
