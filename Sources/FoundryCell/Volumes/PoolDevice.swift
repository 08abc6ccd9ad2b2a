import CFoundryLinux
import FoundryEffects
import FoundryModel
import Glibc
import SystemPackage

/// A block device that is the pool's alone.
struct PoolDevice {
    let device: String
    let label: String
    let command: Command

    /// Formats it when it is blank.
    ///
    /// - Returns: its size.
    /// - Throws: `configuration_invalid` when it is no device or carries anything that is not this installation's pool; `machine_unfit` when it is in use.
    func prepare() async throws(FoundryError) -> ByteCount {
        let size = try await BlockingWork.run { [device] () throws(FoundryError) in try Self.unusedSize(device) }
        if let superblock = try BtrfsSuperblock.read(device) {
            guard superblock.label == label else { throw foreign("btrfs with the label \"\(superblock.label)\"") }
            return size
        }
        let probe = try await command.result("blkid", ["--probe", "--output", "export", device])
        guard probe.exitCode == 2 else {
            throw foreign(probe.standardOutput.split(separator: "\n").joined(separator: " "))
        }
        guard size >= PoolBudget.smallestPool else {
            throw FoundryError(
                .configurationInvalid, "\(device) is too small for a pool; the least is \(PoolBudget.smallestPool).")
        }
        try await PoolFormat.format(device, label: label, command: command)
        return size
    }

    private func foreign(_ found: String) -> FoundryError {
        FoundryError(
            .configurationInvalid,
            "\(device) carries something that is not this installation's pool; it is left as it is.",
            detail: found.isEmpty ? "blkid cannot tell what it is" : found, hint: "wipefs --no-act \(device)")
    }

    static func unusedSize(_ device: String) throws(FoundryError) -> ByteCount {
        var bytes: Int64 = 0
        let descriptor = foundry_open_block_device(device, &bytes)
        if let problem = SystemCall.problem(descriptor) {
            throw FoundryError(
                problem == .resourceBusy ? .machineUnfit : .configurationInvalid,
                problem == .resourceBusy ? "\(device) is in use." : "\(device) is not a block device that can be used.",
                detail: "\(problem)")
        }
        try? FileDescriptor(rawValue: descriptor).close()
        return ByteCount(bytes: bytes)
    }

    /// Of a device that may be in use.
    static func size(_ device: String) throws(FoundryError) -> ByteCount {
        do {
            let descriptor = try FileDescriptor.open(FilePath(device), .readOnly, options: [.closeOnExec])
            return try descriptor.closeAfter { ByteCount(bytes: try descriptor.seek(offset: 0, from: .end)) }
        } catch {
            throw FoundryError(.machineUnfit, "The pool's device cannot be read.", detail: "\(device): \(error)")
        }
    }
}
