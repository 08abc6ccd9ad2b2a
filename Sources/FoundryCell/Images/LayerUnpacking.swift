import CFoundryLinux
import FoundryEffects
import FoundryModel

/// Unpacks one layer beside its place, and renames it there when it is whole and on the disk.
struct LayerUnpacking: Sendable {
    let layer: ImageLayer
    let blob: String
    let directories: LayerDirectories
    /// For messages.
    let image: String
    /// Of what it unpacks to; no more than there is room for, in any case.
    let largest: ByteCount

    func run(limit: Duration) async throws(FoundryError) {
        try directories.prepare()
        let name = LayerDirectories.name(layer.diffID)
        let lock = try await ImageLock.take(directories.lock(name), limit: limit)
        defer { lock.release() }
        if directories.isReady(layer) { return }
        let command = Command()
        try await directories.discard(name, command)
        do {
            try await checkBlob(command, limit: limit)
            try await OwnThread.run { () throws(FoundryError) in try unpack(limit: limit) }
        } catch {
            try? await directories.discard(name, command)
            throw error
        }
    }

    /// Before anything reads it: what a registry, or a disk, made of it must not reach a decompressor.
    private func checkBlob(_ command: Command, limit: Duration) async throws(FoundryError) {
        guard let size = HostFiles.size(of: blob) else {
            throw FoundryError(
                .imageUnknown, "A layer of \(image) is not on this machine.", detail: blob, hint: "foundry images")
        }
        let output = try await command.run("sha256sum", ["--binary", blob], limit: limit)
        guard size == layer.size, output.hasPrefix(LayerDirectories.name(layer.digest) + " ") else {
            throw mismatch(
                "blob \(layer.digest) has \(size.bytes) of \(layer.size.bytes) bytes and the digest \(output.prefix(64))"
            )
        }
    }

    private func unpack(limit: Duration) throws(FoundryError) {
        let directory = directories.unfinished(layer)
        try HostFiles.makeDirectory(directory, mode: 0o755)
        let room = ImageLayout.room(at: directories.root) ?? largest
        let pipeline = LayerPipeline(
            layer: layer, blob: blob, directory: directory, image: image, largest: largest, room: room)
        let digest = try pipeline.run(limit: limit)
        guard digest == LayerDirectories.name(layer.diffID) else {
            throw mismatch("its content has the digest \(digest)")
        }
        try SystemCall.check(
            foundry_convert_whiteouts(directory), "read the marks of removal of \(layer.diffID)",
            codes: [.invalidArgument: .imageUnsupported])
        try SystemCall.check(foundry_sync_file_system(directory), "sync \(directory)")
        try SystemCall.check(foundry_rename(directory, directories.place(of: layer)), "rename \(directory)")
        try SystemCall.check(foundry_sync_file_system(directories.root), "sync \(directories.root)")
    }

    private func mismatch(_ detail: String) -> FoundryError {
        FoundryError(
            .imageUnsupported, "A layer of \(image) is not what its digest says.", detail: "\(layer.diffID): \(detail)",
            hint: "push the image to its registry again, or build it again")
    }
}
