import FoundryClient
import FoundryEffects
import FoundryModel

/// Brings images onto this machine.
struct ImageShelf: Sendable {
    static let limit = Duration.seconds(900)

    let layout: ImageLayout
    let layers: LayerDirectories
    /// No other installation unpacks layers there.
    let ownsLayers: Bool
    /// Where logins lie while they are used.
    let secrets: String
    let images: ImageResolver

    /// Copies an image of a registry; its name means this copy until it is pulled again, or removed.
    ///
    /// - Throws: `image_invalid` for a short name; `disk_full` before anything is copied; what `RegistryFailure` makes of the registry's answers.
    ///   Whatever it throws, nothing was changed.
    func pull(_ body: ImagePullBody) async throws(FoundryError) -> ImageArrival {
        guard let reference = ImageReference(parsing: body.reference), let registry = reference.registry else {
            throw FoundryError(
                .imageInvalid, "'\(body.reference.prefix(80))' does not name a registry's image.",
                hint: "foundry image pull registry.example/team/name:tag")
        }
        let login = try login(body, registry)
        defer { withExtendedLifetime(login) {} }
        let image = try await images.registries.resolve(reference, credentials: login?.file)
        let missing = image.layers.filter { !hasBlob($0) }
        try checkRoom(missing.map(\.size).reduce(.zero, +), image.name)
        let entry = try await ImageCopy(into: layout).run(
            .registry(
                "\(registry)/\(reference.repository)@\(image.manifestDigest)",
                allowsPlainHTTP: ImageReference.isLoopback(registry)),
            name: reference.whole, origin: .pull, credentials: login?.file, limit: Self.limit)
        return try arrival(entry, new: missing)
    }

    /// Takes in an archive of one image.
    ///
    /// - Parameter file: an OCI archive, packed or not, or one of `docker save`, not packed.
    /// - Parameter name: what it is called here. A bundled image's name is refused.
    /// - Throws: `image_invalid`, `image_unsupported`, `image_mismatch`, `disk_full`. Whatever it throws, nothing was changed.
    func take(_ file: String, name text: String) async throws(FoundryError) -> ImageArrival {
        guard let reference = ImageReference(parsing: text), reference.digest == nil else {
            throw FoundryError(
                .imageInvalid, "'\(text.prefix(80))' is not an image's name.",
                hint: "foundry image import FILE --name team/name:tag")
        }
        let name = reference.whole
        guard reference.registry != nil || !ImageShelf.isOurs(reference.repository, images) else {
            throw FoundryError(
                .imageInvalid, "\(name) means a bundled image.", hint: "foundry image import FILE --name team/name:tag")
        }
        let listing = try await ArchiveListing(of: file, name: name, limit: Self.limit)
        // A layout is unpacked beside its place, and its blobs are copied from there.
        try checkRoom(listing.isLayout ? listing.size + listing.size : listing.size, name)
        let before = Set(blobsHere())
        let layout = OCILayout(path: layout.path, source: .registry)
        let entry = try await ImageCopy(into: self.layout).run(
            listing.isLayout ? .ociArchive(file) : .dockerArchive(file), name: name, origin: .import,
            limit: Self.limit
        ) { entry throws(FoundryError) in _ = try layout.image(entry.digest, reference: reference, name: name) }
        let image = try layout.image(entry.digest, reference: reference, name: name)
        return try arrival(entry, new: image.layers.filter { !before.contains(LayerDirectories.name($0.digest)) })
    }

    private static func isOurs(_ repository: String, _ images: ImageResolver) -> Bool {
        images.aliases().contains { $0.alias == repository }
            || images.bundled.all().contains { $0.image.reference.repository == repository }
    }

    private func login(_ body: ImagePullBody, _ registry: String) throws(FoundryError) -> RegistryLogin? {
        switch (body.username, body.password) {
        case (nil, nil): return nil
        case (let username?, let password?) where !username.isEmpty && !username.contains(":"):
            return try RegistryLogin(
                registry: registry, username: username, password: password, directory: secrets)
        default:
            throw FoundryError(
                .badRequest, "A login has a user's name without a colon, and a password.",
                hint: "foundry image pull REFERENCE --username NAME")
        }
    }

    private func checkRoom(_ size: ByteCount, _ name: String) throws(FoundryError) {
        guard let room = ImageLayout.room(at: layout.path), size > room else { return }
        throw FoundryError(
            .diskFull, "The machine has no room for \(name): it needs \(size), and \(room) are free for images.",
            hint: "`foundry image rm NAME` frees some; `foundry images` lists what is here")
    }

    private func arrival(_ entry: ImageLayout.Entry, new: [ImageLayer]) throws(FoundryError) -> ImageArrival {
        guard let local = images.pulled.all().first(where: { $0.image.name == entry.name }) else {
            throw FoundryError(
                .internalError, "The image came, and cannot be read.", detail: "\(entry)", hint: "foundry images")
        }
        let names = Set(new.map(\.digest))
        return ImageArrival(
            image: ImageResolver.summary(local, apps: []),
            layers: local.image.layers.map {
                ImageArrival.Layer(digest: $0.digest, size: $0.size.bytes, isNew: names.contains($0.digest))
            })
    }
}
