import CFoundryLinux
import FoundryEffects
import FoundryModel
import Glibc
import SystemPackage

/// Makes a volume larger: the image file, the device on it, the file system, and last the labels, which say that it is done.
///
/// Each step does nothing where it was done before, so a growth that was cut off is completed by the next. Nothing gets smaller.
struct VolumeGrowing {
    let places: VolumePlaces
    /// With the size that it shall have.
    let label: VolumeLabel
    let command: Command

    private static let limit = Duration.seconds(600)
    private var image: String { places.image(label.volume) }

    /// While it is mounted.
    ///
    /// - Throws: `pool_full`, `command_failed` with the words of `resize2fs`; as `VolumeLabelling.take`.
    func growMounted() async throws(FoundryError) {
        let device = try await BlockingWork.run { () throws(FoundryError) in
            let device = try loopDevice()
            try enlarge()
            try LoopDevices.resize(device)
            return LoopDevices.device(device)
        }
        try await command.run("resize2fs", [device], limit: Self.limit)
        try await finish()
    }

    /// While it is not mounted: a file system is checked before.
    ///
    /// - Throws: as `growMounted`; `volume_unreadable` when its file system is damaged.
    func growReleased() async throws(FoundryError) {
        let check = try await command.result("e2fsck", ["-f", "-p", image], limit: Self.limit)
        // 1: something was put right, which every crash leaves; beyond that it is damaged.
        guard check.exitCode == 0 || check.exitCode == 1 else {
            throw FoundryError(
                .volumeUnreadable, "The file system of volume \(label.volume) is damaged; it is left as it is.",
                detail: String(check.standardOutput.suffix(400)))
        }
        try await BlockingWork.run { () throws(FoundryError) in try enlarge() }
        try await command.run("resize2fs", [image], limit: Self.limit)
    }

    /// - Precondition: it is mounted.
    func finish() async throws(FoundryError) {
        try await BlockingWork.run { () throws(FoundryError) in try VolumeLabelling(places: places).take(label) }
    }

    private func loopDevice() throws(FoundryError) -> Int {
        guard let entry = try MountTable.read().entry(at: places.mount(label.volume)),
            let number = try LoopDevices.numbers(of: image).first(where: { LoopDevices.device($0) == entry.source })
        else { throw FoundryError(.internalError, "Volume \(label.volume) is not mounted.") }
        return number
    }

    private func enlarge() throws(FoundryError) {
        let descriptor: FileDescriptor
        do { descriptor = try FileDescriptor.open(FilePath(image), .readWrite, options: [.closeOnExec]) } catch {
            throw SystemCall.error(error as? Errno ?? .ioError, "open \(image)")
        }
        defer { try? descriptor.close() }
        try SystemCall.check(
            foundry_allocate(descriptor.rawValue, label.size.bytes), "allocate \(image)",
            codes: [.noSpace: .poolFull, Errno(rawValue: EDQUOT): .poolFull])
        do { try DurableFile.sync(descriptor) } catch {
            throw SystemCall.error(error as? Errno ?? .ioError, "sync \(image)")
        }
    }
}
