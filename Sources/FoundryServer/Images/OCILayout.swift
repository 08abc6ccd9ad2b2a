import FoundryEffects
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A directory of images, as the OCI image layout specification says.
struct OCILayout: Sendable {
    private static let engineAnnotation = "org.opencontainers.image.title"
    /// Of what an image says of itself.
    private static let longestWord = 40
    private static let versionAnnotation = "org.opencontainers.image.version"

    let path: String
    let source: ImageSource

    /// Tells whether the layout changed since it was read.
    struct Stamp: Hashable, Sendable {
        var modified: Date?
        var size: Int
    }

    var stamp: Stamp {
        let attributes = try? FileManager.default.attributesOfItem(atPath: "\(path)/index.json")
        return Stamp(modified: attributes?[.modificationDate] as? Date, size: attributes?[.size] as? Int ?? 0)
    }

    /// Every image that has a name, sorted by it; one that cannot be read is passed over, and told.
    ///
    /// - Returns: nothing when there is no layout.
    func images() -> (images: [LocalImage], problems: [FoundryError]) {
        guard FileManager.default.fileExists(atPath: "\(path)/index.json") else { return ([], []) }
        var images: [LocalImage] = []
        var problems: [FoundryError] = []
        do throws(FoundryError) {
            for entry in try document(OCIDocuments.Manifest.self, "index.json").manifests ?? [] {
                guard let name = entry.annotations?[ImageLayout.nameAnnotation] else { continue }
                do throws(FoundryError) { images.append(try image(entry, name: name)) } catch { problems.append(error) }
            }
        } catch {
            problems.append(error)
        }
        return (images.sorted { $0.image.name < $1.image.name }, problems)
    }

    private func image(_ entry: OCIDocuments.Descriptor, name: String) throws(FoundryError) -> LocalImage {
        guard let reference = ImageReference(parsing: name) else {
            throw unreadable("index.json", "\(name.prefix(80)) is no image's name")
        }
        // An image that was copied has them as labels only.
        let said = (try labels(of: entry.digest)).merging(entry.annotations ?? [:]) { $1 }
        var image = try image(entry.digest, reference: reference, name: name)
        if image.configuration.health == nil { image.configuration.health = try health(entry, name) }
        return LocalImage(
            image: image,
            engine: said[Self.engineAnnotation].map { String($0.prefix(Self.longestWord)) },
            version: said[Self.versionAnnotation].map { String($0.prefix(Self.longestWord)) },
            origin: entry.annotations?[ImageLayout.originAnnotation].flatMap(ImageOrigin.init))
    }

    /// What was lost when the image came.
    private func health(_ entry: OCIDocuments.Descriptor, _ name: String) throws(FoundryError) -> ImageHealthCheck? {
        guard let text = entry.annotations?[ImageLayout.healthAnnotation] else { return nil }
        let said: DockerHealthCheck
        do { said = try OCIDocuments.decode(DockerHealthCheck.self, from: Data(text.utf8)) } catch {
            throw unreadable("index.json", "the health check of \(name): \(error)")
        }
        return try ImageConfiguration.health(said) { FoundryError(.imageUnsupported, "The image \(name) \($0).") }
    }

    private func labels(of digest: String) throws(FoundryError) -> [String: String] {
        let manifest = try document(OCIDocuments.Manifest.self, try blob(digest))
        guard let config = manifest.config else { return [:] }
        let image = try document(OCIDocuments.Image.self, try blob(config.digest))
        return (image.config?.labels ?? [:]).compactMapValues { $0 }
    }

    /// The image of a manifest that lies here.
    ///
    /// - Throws: `image_unsupported`.
    func image(_ digest: String, reference: ImageReference, name: String) throws(FoundryError) -> ResolvedImage {
        let manifest = try document(OCIDocuments.Manifest.self, try blob(digest))
        guard let config = manifest.config else { throw unreadable(name, "its manifest names no configuration") }
        return try ResolvedImage(
            reference: reference, name: name, source: source, digest: digest, manifest: manifest,
            image: try document(OCIDocuments.Image.self, try blob(config.digest)))
    }

    /// Every blob that a manifest leads to, itself among them; itself alone when it cannot be read.
    func blobs(of digest: String) -> Set<String> {
        guard let path = try? blob(digest), let manifest = try? document(OCIDocuments.Manifest.self, path) else {
            return [digest]
        }
        return Set([digest] + [manifest.config].compactMap { $0?.digest } + (manifest.layers ?? []).map(\.digest))
    }

    private func blob(_ digest: String) throws(FoundryError) -> String {
        guard ImageReference.isDigest(digest) else {
            throw unreadable("index.json", "\(digest.prefix(80)) is no digest")
        }
        return "blobs/sha256/\(digest.dropFirst("sha256:".count))"
    }

    private func document<Document: Decodable>(_ type: Document.Type, _ name: String) throws(FoundryError) -> Document {
        do {
            let file = "\(path)/\(name)"
            let size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? 0
            guard size <= OCIDocuments.largest else { throw unreadable(name, "\(size) bytes is too large") }
            return try OCIDocuments.decode(type, from: try Data(contentsOf: URL(filePath: file)))
        } catch let error as FoundryError {
            throw error
        } catch {
            throw unreadable(name, "\(error)")
        }
    }

    private func unreadable(_ name: String, _ why: String) -> FoundryError {
        FoundryError(
            .imageUnsupported, "A local image cannot be read.", detail: "\(path)/\(name): \(why)",
            hint: "script/images --force")
    }
}
