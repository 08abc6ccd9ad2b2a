import FoundryEffects
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The unpacked layers of a release's image, and its variables, as its manifest says.
struct DrillImage: Sendable {
    /// Directories, the uppermost first.
    let layers: [String]
    /// `PATH=...`
    let environment: [String]

    /// - Parameter digest: of the manifest. A member of it must have run: its layers are unpacked then.
    init(digest: String, paths: Paths, configuration: PlatformConfiguration) throws {
        let layouts = [paths.images, configuration.bundledImages]
        let manifest = try Self.document(OCIDocuments.Manifest.self, digest, in: layouts)
        guard let configured = manifest.config else {
            throw FoundryError(.imageUnsupported, "The release's image has no configuration: \(digest).")
        }
        let image = try Self.document(OCIDocuments.Image.self, configured.digest, in: layouts)
        layers = image.rootfs.diffIDs.reversed().map { "\(configuration.layers)/\(LayerDirectories.name($0))" }
        environment = image.config?.environment ?? []
    }

    private static func document<Document: Decodable>(
        _ type: Document.Type, _ digest: String, in layouts: [String]
    ) throws -> Document {
        let name = LayerDirectories.name(digest)
        for layout in layouts {
            guard let bytes = FileManager.default.contents(atPath: "\(layout)/blobs/sha256/\(name)") else { continue }
            return try OCIDocuments.decode(type, from: bytes)
        }
        throw FoundryError(.imageUnknown, "A part of the release's image is not here: \(digest).")
    }
}
