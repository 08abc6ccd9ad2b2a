import FoundryClient
import FoundryModel
import FoundryRules
import Logging

/// Finds out what an image's name means: local images first, and a registry only when it is named.
struct ImageResolver: Sendable {
    struct Found: Sendable {
        var image: ResolvedImage
        /// The line of the alias table that was followed.
        var alias: AliasSummary?
    }

    private let bundled: LocalImages
    private let pulled: LocalImages
    private let registries = RegistryImages()

    /// - Parameter bundled: the OCI layout of the bundled images.
    /// - Parameter pulled: the OCI layout of what was copied from registries.
    init(bundled: String, pulled: String, logger: Logger) {
        self.bundled = LocalImages(OCILayout(path: bundled, source: .bundled), logger: logger)
        self.pulled = LocalImages(OCILayout(path: pulled, source: .registry), logger: logger)
    }

    /// - Throws: `image_invalid`, `image_unknown`, `image_unreachable`, `image_unsupported`.
    func resolve(_ text: String) async throws(FoundryError) -> Found {
        let local = bundled.all()
        switch try ImageAliases.resolve(text, local: local.map(\.name)) {
        case .registry(let reference): return Found(image: try await registries.resolve(reference), alias: nil)
        case .local(let name):
            guard var image = local.first(where: { $0.name == name }), let reference = ImageReference(parsing: text)
            else {
                throw FoundryError(
                    .imageUnknown, "No local image is called '\(text.prefix(80))'.",
                    hint: "`foundry images` lists what is here")
            }
            image.reference = reference
            let alias = ImageAliases.table.first { $0.alias == reference.repository }
            return Found(image: image, alias: alias.map { AliasSummary(alias: $0.alias, name: name, isPresent: true) })
        }
    }

    /// Those that lie here, bundled ones first.
    func summaries() -> [ImageSummary] {
        (bundled.all() + pulled.all()).map { image in
            ImageSummary(
                name: image.name, source: image.source.rawValue, digest: image.manifestDigest,
                size: image.layers.map(\.size).reduce(.zero, +).bytes, ports: image.configuration.ports,
                volumes: image.configuration.volumes)
        }
    }

    func aliases() -> [AliasSummary] {
        let names = bundled.all().map(\.name)
        return ImageAliases.table.map { alias, name in
            let present = names.filter { $0 == name || $0.hasPrefix(name + ":") }.max()
            return AliasSummary(alias: alias, name: present ?? name, isPresent: present != nil)
        }
    }
}
