import FoundryEffects
import FoundryModel

@testable import FoundryServer

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What registries and archives say of images.
enum ImageGrounds {
    static func reference(_ bytes: [UInt8]) {
        guard let reference = ImageReference(parsing: String(decoding: bytes, as: UTF8.self)) else { return }
        let text = reference.description
        demand(ImageReference(parsing: text) == reference, "a reference changes when it is written")
        demand(!text.split(separator: "/").contains(".."), "a path that leads up")
        demand(!text.hasPrefix("-") && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }, "no argument of a program")
        demand(ImageReference(parsing: reference.whole) != nil, "its whole name is none")
    }

    /// A manifest, a line break, a configuration.
    static func documents(_ bytes: [UInt8]) {
        let parts = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false)
        let manifest = try? OCIDocuments.decode(OCIDocuments.Manifest.self, from: Data(parts[0]))
        _ = try? OCIDocuments.decode([ImageLayout.Entry].self, from: Data(parts[0]))
        guard parts.count == 2, let manifest,
            let image = try? OCIDocuments.decode(OCIDocuments.Image.self, from: Data(parts[1])),
            let resolved = SampleImage.resolve(manifest, image)
        else { return }
        demand(!resolved.layers.isEmpty && resolved.layers.count <= OCIDocuments.mostLayers, "a number of layers")
        demand(resolved.layers.allSatisfy { $0.size >= .zero && !$0.digest.contains("/") }, "a layer that is none")
        demand(resolved.configuration.ports.allSatisfy { (1...65_535).contains($0) }, "a port that is none")
    }

    static func listing(_ bytes: [UInt8]) {
        let listing = try? ArchiveListing(lines: String(decoding: bytes, as: UTF8.self), name: "archive")
        demand((listing?.size ?? .zero) >= .zero, "a negative size")
    }
}

/// An image to plan with.
enum SampleImage {
    static let image: ResolvedImage? = {
        let digest = "sha256:" + String(repeating: "a", count: 64)
        let layer = OCIDocuments.Descriptor(
            mediaType: "application/vnd.oci.image.layer.v1.tar", digest: digest, size: 1_000)
        var config = OCIDocuments.Config()
        config.entrypoint = ["/bin/server"]
        config.volumes = ["/data": .init()]
        config.ports = ["6379/tcp": .init()]
        return resolve(
            OCIDocuments.Manifest(layers: [layer]),
            OCIDocuments.Image(config: config, rootfs: .init(diffIDs: [digest])))
    }()

    static func resolve(_ manifest: OCIDocuments.Manifest, _ image: OCIDocuments.Image) -> ResolvedImage? {
        guard let reference = ImageReference(parsing: "sample:1") else { return nil }
        return try? ResolvedImage(
            reference: reference, name: "sample:1", source: .bundled,
            digest: "sha256:" + String(repeating: "b", count: 64), manifest: manifest, image: image)
    }
}
