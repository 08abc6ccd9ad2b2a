import FoundryClient
import FoundryEffects
import FoundryModel

extension ImageShelf {
    /// Takes an image away, and with it every blob and every unpacked layer that no image and no app needs any more.
    ///
    /// - Parameter text: its name, or its digest, or twelve digits of that or more.
    /// - Parameter users: apps but those that are being deleted, and releases; read when nothing is being pushed.
    /// - Throws: `image_in_use`, `image_unknown`; `conflict` while a push is on its way. Nothing was changed then.
    func remove(
        _ text: String, users: @Sendable () -> [ImageUser]
    ) async throws(FoundryError) -> ImageRemoval {
        let lock = try await layout.lock(limit: Self.limit)
        defer { lock.release() }
        let gone: LocalImage
        do throws(FoundryError) { gone = try choose(text) } catch {
            await clear(users: users)
            throw error
        }
        try images.use.exclusively { () throws(FoundryError) in
            let entries = try layout.entries()
            let isLast = entries.count { $0.digest == gone.image.manifestDigest } == 1
            let users = users().filter { user in
                user.images.contains { image in
                    image.source == .registry
                        && (image.name == gone.image.name
                            || isLast && image.manifestDigest == gone.image.manifestDigest)
                }
            }
            guard users.isEmpty else { throw Self.inUse(gone.image.name, by: users.map(\.name).sorted()) }
            try layout.write(entries.filter { $0.name != gone.image.name })
        }
        let freed = try await collect(layersOf: gone.image, users: users())
        return ImageRemoval(name: gone.image.name, digest: gone.image.manifestDigest, freed: freed.bytes)
    }

    /// What a removal left that was killed after the image had lost its name. Not while a push is on its way.
    private func clear(users: @Sendable () -> [ImageUser]) async {
        guard (try? images.use.exclusively({ () throws(FoundryError) in })) != nil else { return }
        _ = try? await collect(layersOf: nil, users: users())
    }

    private func choose(_ text: String) throws(FoundryError) -> LocalImage {
        let here = images.pulled.all()
        let whole = ImageReference(parsing: text)?.whole
        let digits = text.hasPrefix("sha256:") ? String(text.dropFirst(7)) : text
        let byDigest = here.filter {
            digits.utf8.count >= 12 && LayerDirectories.name($0.image.manifestDigest).hasPrefix(digits)
        }
        if let named = here.first(where: { $0.image.name == text || $0.image.name == whole }) { return named }
        if byDigest.count == 1 { return byDigest[0] }
        if images.bundled.all().contains(where: { $0.image.name == text || $0.image.name.hasPrefix(text + ":") }) {
            throw FoundryError(
                .imageInUse, "\(text) is bundled with this installation.", hint: "script/images makes and replaces it")
        }
        let nearest = NearestName.find(text, among: here.map(\.image.name)).map { "did you mean \($0)?" }
        throw FoundryError(
            .imageUnknown, "No image that was pulled or imported is called '\(text.prefix(80))'.",
            hint: nearest ?? "`foundry images` lists what is here")
    }

    private static func inUse(_ name: String, by apps: [String]) -> FoundryError {
        let shown = apps.prefix(3).joined(separator: ", ") + (apps.count > 3 ? " and \(apps.count - 3) more" : "")
        return FoundryError(
            .imageInUse, "\(name) is what \(shown) \(apps.count == 1 ? "runs" : "run") from.",
            hint: "foundry delete \(apps.first ?? "NAME")")
    }

    /// The caller holds the layout's lock.
    private func collect(layersOf gone: ResolvedImage?, users: [ImageUser]) async throws(FoundryError) -> ByteCount {
        let remaining = (images.bundled.all() + images.pulled.all()).map(\.image) + users.flatMap(\.images)
        let reader = OCILayout(path: layout.path, source: .registry)
        // Bundled images lie in a layout of their own.
        var kept = Set(remaining.filter { $0.source == .registry }.flatMap { $0.layers.map(\.digest) })
        for entry in try layout.entries() { kept.formUnion(reader.blobs(of: entry.digest)) }
        let blobs = try layout.collect(keeping: kept)
        let needed = Set(remaining.flatMap { $0.layers.map { LayerDirectories.name($0.diffID) } })
        // Of layers that others unpacked, nobody here knows who needs them.
        let candidates = ownsLayers ? layers.ready() : (gone?.layers ?? []).map { LayerDirectories.name($0.diffID) }
        let unpacked = try await LayerCollection(layers).remove(
            candidates.filter { !needed.contains($0) })
        return blobs + unpacked
    }
}

/// Who runs, or will run, from images.
struct ImageUser: Sendable {
    /// For people: an app's name, or `release redis/7.0.1`.
    var name: String
    var images: [ResolvedImage]
}
