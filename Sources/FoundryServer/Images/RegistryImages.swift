import FoundryEffects
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Asks registries what an image is, through `skopeo`. Nothing is copied; a cell copies it when it is ordered to run it, by digest.
struct RegistryImages: Sendable {
    private static let limit = Duration.seconds(20)
    private let command = Command()
    private let permits = Permits(limit: 4)

    /// - Parameter credentials: a file as `skopeo login` writes it; nil to ask as this machine is known to the registry.
    /// - Throws: what `RegistryFailure` makes of the answer; `image_unsupported`, `too_many_requests`.
    func resolve(
        _ reference: ImageReference, credentials: String? = nil
    ) async throws(FoundryError) -> ResolvedImage {
        let permit = try permits.take()
        defer { withExtendedLifetime(permit) {} }
        let login = credentials.map { ["--authfile", $0] } ?? []
        var text = try await inspect(reference, of: reference, login + ["--raw"])
        var manifest = try document(OCIDocuments.Manifest.self, text, reference)
        var digest = try await digest(of: text)
        if let manifests = manifest.manifests {
            guard
                let entry = manifests.first(where: {
                    $0.platform?.os == "linux" && $0.platform?.architecture == OCIDocuments.architecture
                })
            else {
                throw FoundryError(
                    .imageUnsupported, "The image \(reference) has no variant for linux/\(OCIDocuments.architecture).",
                    hint: "another tag may have one")
            }
            guard ImageReference.isDigest(entry.digest) else {
                throw unsupported(reference, "its index names no digest")
            }
            digest = entry.digest
            text = try await inspect(try pinned(reference, digest), of: reference, login + ["--raw"])
            manifest = try document(OCIDocuments.Manifest.self, text, reference)
        }
        let config = try await inspect(try pinned(reference, digest), of: reference, login + ["--config", "--raw"])
        return try ResolvedImage(
            reference: reference, name: reference.description, source: .registry, digest: digest, manifest: manifest,
            image: try document(OCIDocuments.Image.self, config, reference))
    }

    private func pinned(_ reference: ImageReference, _ digest: String) throws(FoundryError) -> ImageReference {
        guard let pinned = ImageReference(parsing: "\(reference.registry ?? "")/\(reference.repository)@\(digest)")
        else {
            throw unsupported(reference, "it cannot be named by its digest")
        }
        return pinned
    }

    private func inspect(
        _ name: ImageReference, of reference: ImageReference, _ options: [String]
    ) async throws(FoundryError) -> String {
        // skopeo refuses a reference with both; the digest says it all.
        let text =
            name.digest == nil ? name.description : "\(name.registry ?? "")/\(name.repository)@\(name.digest ?? "")"
        let tls = ImageReference.isLoopback(name.registry ?? "") ? ["--tls-verify=false"] : []
        let output: Command.Output
        do throws(FoundryError) {
            output = try await command.result(
                "skopeo", ["inspect", "--retry-times", "0"] + tls + options + ["docker://\(text)"], limit: Self.limit)
        } catch {
            guard error.code == .timedOut else { throw error }
            throw FoundryError(
                .imageUnreachable, "The registry of \(reference) does not answer.", detail: error.detail,
                hint: "is the host right?")
        }
        guard output.exitCode == 0 else { throw RegistryFailure.error(reference.description, output.standardError) }
        return output.standardOutput
    }

    private func digest(of manifest: String) async throws(FoundryError) -> String {
        let text = try await command.run(
            "skopeo", ["manifest-digest", "/dev/stdin"], input: manifest, limit: .seconds(5))
        return String(text.filter { !$0.isWhitespace })
    }

    private func document<Document: Decodable>(
        _ type: Document.Type, _ text: String, _ reference: ImageReference
    ) throws(FoundryError) -> Document {
        guard text.utf8.count <= OCIDocuments.largest else {
            throw unsupported(reference, "its documents are too large")
        }
        do { return try OCIDocuments.decode(type, from: Data(text.utf8)) } catch {
            throw unsupported(reference, "\(error)")
        }
    }

    private func unsupported(_ reference: ImageReference, _ why: String) -> FoundryError {
        FoundryError(
            .imageUnsupported, "The registry's description of \(reference) cannot be read.", detail: why,
            hint: "push the image to its registry again")
    }
}
