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

    private struct Manifest: Decodable {
        struct Descriptor: Decodable { var digest: String }
        var config: Descriptor
    }

    private struct Configuration: Decodable {
        struct Container: Decodable {
            var environment: [String]?
            enum CodingKeys: String, CodingKey { case environment = "Env" }
        }
        struct Files: Decodable {
            var layers: [String]
            enum CodingKeys: String, CodingKey { case layers = "diff_ids" }
        }
        var config: Container?
        var rootfs: Files
    }

    /// - Parameter digest: of the manifest. A member of it must have run: its layers are unpacked then.
    init(digest: String, paths: Paths, configuration: PlatformConfiguration) throws {
        let layouts = [paths.images, configuration.bundledImages]
        let manifest = try Self.document(Manifest.self, digest, in: layouts)
        let image = try Self.document(Configuration.self, manifest.config.digest, in: layouts)
        layers = image.rootfs.layers.reversed().map { "\(configuration.layers)/\(LayerDirectories.name($0))" }
        environment = image.config?.environment ?? []
    }

    private static func document<Document: Decodable>(
        _ type: Document.Type, _ digest: String, in layouts: [String]
    ) throws -> Document {
        let name = LayerDirectories.name(digest)
        for layout in layouts {
            guard let bytes = FileManager.default.contents(atPath: "\(layout)/blobs/sha256/\(name)") else { continue }
            return try JSONDecoder().decode(type, from: bytes)
        }
        throw FoundryError(.imageUnknown, "A part of the release's image is not here: \(digest).")
    }
}
