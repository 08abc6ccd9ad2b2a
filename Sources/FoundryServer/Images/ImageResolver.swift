import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules
import Logging

/// Finds out what an image's name means: local images first, and a registry only when it is named.
struct ImageResolver: Sendable {
    struct Found: Sendable {
        var image: ResolvedImage
        /// The line of the alias table that was followed.
        var alias: AliasSummary?
        /// No image goes while somebody holds it.
        let token: ImageUse.Token
    }

    let bundled: LocalImages
    let pulled: LocalImages
    let registries = RegistryImages()
    let use = ImageUse()

    /// - Parameter bundled: the OCI layout of the bundled images.
    /// - Parameter pulled: the OCI layout of what was copied from registries, or imported.
    init(bundled: String, pulled: String, logger: Logger) {
        self.bundled = LocalImages(OCILayout(path: bundled, source: .bundled), logger: logger)
        self.pulled = LocalImages(OCILayout(path: pulled, source: .registry), logger: logger)
    }

    /// What was pulled or imported is meant by its very name; otherwise a short name means a bundled image, and a full one its registry.
    ///
    /// - Throws: `image_invalid`, and what the registry's answer makes (`RegistryFailure`).
    func resolve(_ text: String) async throws(FoundryError) -> Found {
        let token = use.begin()
        if let kept = kept(text) { return Found(image: kept, token: token) }
        // Of an import, as of a bundled image, the tag may be left out.
        let local =
            bundled.all() + pulled.all().filter { $0.origin == .import && $0.image.reference.registry == nil }
        switch try ImageAliases.resolve(text, local: local.map(\.image.name)) {
        case .registry(let reference):
            return Found(image: try await registries.resolve(reference), token: token)
        case .local(let name):
            guard let found = local.first(where: { $0.image.name == name }),
                let reference = ImageReference(parsing: text)
            else {
                throw FoundryError(
                    .imageUnknown, "No local image is called '\(text.prefix(80))'.",
                    hint: "`foundry images` lists what is here")
            }
            var image = found.image
            image.reference = reference
            let alias = ImageAliases.table.first { $0.alias == reference.repository }
            return Found(image: image, alias: alias.map { Self.summary(of: $0.alias, found) }, token: token)
        }
    }

    private func kept(_ text: String) -> ResolvedImage? {
        guard let reference = ImageReference(parsing: text),
            var image = pulled.all().first(where: { $0.origin?.isKept == true && $0.image.name == reference.whole })?
                .image
        else { return nil }
        image.reference = reference
        return image
    }

    /// Those that lie here, bundled ones first.
    ///
    /// - Parameter apps: of which it is told who runs from what.
    func summaries(apps: [AppRecord]) -> [ImageSummary] {
        (bundled.all() + pulled.all()).map { Self.summary($0, apps: apps) }
    }

    static func summary(_ local: LocalImage, apps: [AppRecord]) -> ImageSummary {
        let image = local.image
        return ImageSummary(
            name: image.name, source: local.origin == .import ? "import" : image.source.rawValue, engine: local.engine,
            version: local.version, digest: image.manifestDigest,
            size: image.layers.map(\.size).reduce(.zero, +).bytes, ports: image.configuration.ports,
            volumes: image.configuration.volumes,
            apps: apps.filter { $0.images.contains { $0.manifestDigest == image.manifestDigest } }.map(
                \.name.description
            ).sorted())
    }

    func aliases() -> [AliasSummary] {
        let local = bundled.all()
        return ImageAliases.table.map { alias, name in
            let present = local.filter { $0.image.name == name || $0.image.name.hasPrefix(name + ":") }
                .max { $0.image.name < $1.image.name }
            return present.map { Self.summary(of: alias, $0) }
                ?? AliasSummary(alias: alias, name: name, isPresent: false)
        }
    }

    private static func summary(of alias: String, _ local: LocalImage) -> AliasSummary {
        AliasSummary(
            alias: alias, name: local.image.name, isPresent: true, engine: local.engine, version: local.version)
    }
}
