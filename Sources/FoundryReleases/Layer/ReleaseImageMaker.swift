import Crypto
import FoundryEffects
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Makes the image of a release: an image that lies here, and the release's layer on it.
public struct ReleaseImageMaker: Sendable {
    private static let manifestType = "application/vnd.oci.image.manifest.v1+json"
    private static let configType = "application/vnd.oci.image.config.v1+json"

    private let layout: ImageLayout

    /// - Parameter layout: that the new image is made in.
    public init(into layout: ImageLayout) { self.layout = layout }

    /// `release/NAME:VERSION`
    public static func name(of id: ReleaseID) -> String { "release/\(id.name):\(id.version)" }

    /// The same release on the same image gives the same digest. Blobs come first and the entry of the index last, so that what is killed leaves no
    /// image that is not whole.
    ///
    /// - Parameter base: of the manifest of the image below: `sha256:...`.
    /// - Parameter source: the layout that it lies in.
    /// - Returns: the digest of the new manifest.
    /// - Throws: `image_unsupported` when the image below cannot be read; `timed_out`, `disk_full`, `internal_error`.
    @discardableResult
    public func make(
        _ release: CheckedRelease, base: String, in source: ImageLayout, limit: Duration = .seconds(120)
    ) async throws(FoundryError) -> String {
        let layer = try ReleaseLayer(release)
        let lock = try await layout.lock(limit: limit)
        defer { lock.release() }
        let manifest = try read(OCIDocuments.Manifest.self, base, in: source)
        guard let configuration = manifest.config, let layers = manifest.layers, !layers.isEmpty,
            layers.count < OCIDocuments.mostLayers
        else { throw unreadable(base, "it has no configuration, or no layers") }
        for blob in layers { try bring(blob.digest, from: source) }
        var image = try read(OCIDocuments.Image.self, configuration.digest, in: source)
        image.config = layer.config(image.config)
        image.rootfs = .init(type: "layers", diffIDs: image.rootfs.diffIDs + [layer.digest])
        let layerDescriptor = OCIDocuments.Descriptor(
            mediaType: ReleaseLayer.mediaType, digest: try write(layer.bytes), size: Int64(layer.bytes.count))
        let document = try encoded(image)
        let config = OCIDocuments.Descriptor(
            mediaType: Self.configType, digest: try write(document), size: Int64(document.count))
        let made = try encoded(
            OCIDocuments.Manifest(
                schemaVersion: 2, mediaType: Self.manifestType, config: config,
                layers: layers + [layerDescriptor]))
        let digest = try write(made)
        try layout.add(entry(digest, size: made.count, named: Self.name(of: release.id)))
        return digest
    }

    private func entry(_ digest: String, size: Int, named name: String) -> ImageLayout.Entry {
        .init(
            mediaType: Self.manifestType, digest: digest, size: Int64(size),
            annotations: [
                ImageLayout.nameAnnotation: name, ImageLayout.originAnnotation: ImageOrigin.import.rawValue,
            ])
    }

    /// A blob of another layout on the same file system is there twice under one inode; else it is copied.
    private func bring(_ digest: String, from source: ImageLayout) throws(FoundryError) {
        guard ImageReference.isDigest(digest) else { throw unreadable(digest, "no digest") }
        let (from, to) = (source.blob(digest), layout.blob(digest))
        guard from != to, !FileManager.default.fileExists(atPath: to) else { return }
        do {
            try? FileManager.default.removeItem(atPath: to + ".new")
            do { try FileManager.default.linkItem(atPath: from, toPath: to + ".new") } catch {
                try FileManager.default.copyItem(atPath: from, toPath: to + ".new")
            }
            try DurableFile.rename(to + ".new", to: to)
        } catch {
            throw failed(error)
        }
    }

    private func write(_ bytes: [UInt8]) throws(FoundryError) -> String {
        let digest = "sha256:\(ReleaseSeal.sum(bytes))"
        do { try DurableFile.write(bytes, to: layout.blob(digest)) } catch { throw failed(error) }
        return digest
    }

    private func encoded(_ document: some Encodable) throws(FoundryError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do { return [UInt8](try encoder.encode(document)) } catch { throw failed(error) }
    }

    /// What lies under a digest is what the digest says.
    private func read<Document: Decodable>(
        _ type: Document.Type, _ digest: String, in source: ImageLayout
    ) throws(FoundryError) -> Document {
        guard ImageReference.isDigest(digest) else { throw unreadable(digest, "no digest") }
        guard let bytes = FileManager.default.contents(atPath: source.blob(digest)),
            bytes.count <= OCIDocuments.largest, "sha256:\(ReleaseSeal.sum([UInt8](bytes)))" == digest
        else { throw unreadable(digest, "it is not there, or not what its digest says") }
        do { return try OCIDocuments.decode(type, from: bytes) } catch { throw unreadable(digest, "\(error)") }
    }

    private func unreadable(_ digest: String, _ why: String) -> FoundryError {
        FoundryError(
            .imageUnsupported, "The image below the release cannot be read.", detail: "\(digest.prefix(80)): \(why)",
            hint: "foundry images")
    }

    private func failed(_ error: any Error) -> FoundryError {
        let isFull = "\(error)".contains("No space left")
        return FoundryError(
            isFull ? .diskFull : .internalError, "The image of the release cannot be written.",
            detail: "\(layout.path): \(error)", hint: isFull ? "foundry image rm NAME" : "foundry doctor")
    }
}
