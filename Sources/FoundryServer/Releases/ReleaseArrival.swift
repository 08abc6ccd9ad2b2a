import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryReleases
import FoundryRules

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A release that was uploaded: judged whole, read, made an image of, and installed. Until then nothing of it is anywhere but in its own directory.
struct ReleaseArrival: Sendable {
    let platform: Platform
    /// The archive. It is removed at the end.
    let file: String
    /// Whom the installer trusts; nil: nobody signed it, and that is well.
    let signer: String?
    /// What the image is called here that was built for it.
    let image: String?

    private var directory: String { file + ".release" }

    /// - Throws: `release_invalid`, `release_untrusted`, `release_exists`; what its image throws.
    func install(by caller: String) async throws(FoundryError) -> ReleaseSummary {
        defer { for path in [file, directory] { try? FileManager.default.removeItem(atPath: path) } }
        let verdict = try await OwnThread.run { [file, directory] () throws(FoundryError) in
            try ReleaseArchive.unpack(file, into: directory)
        }
        guard verdict.signer?.fingerprint == signer else {
            throw FoundryError(
                .releaseUntrusted,
                verdict.signer.map { "The release is signed with \($0.fingerprint), and not as it was said." }
                    ?? "The release is not signed.", hint: "`foundry release install FILE` asks whom to trust")
        }
        let release = try ReleaseReader.read(directory).checked()
        let base = try await base(of: release)
        defer { withExtendedLifetime(base.token) {} }
        let digest = try await ReleaseImageMaker(into: ImageLayout(platform.paths.images)).make(
            release, base: base.image.manifestDigest, in: layout(of: base.image))
        let made = try await platform.images.resolve(ReleaseImageMaker.name(of: release.id))
        defer { withExtendedLifetime(made.token) {} }
        guard made.image.manifestDigest == digest else {
            throw FoundryError(.conflict, "The release's image was exchanged at the same time.", hint: "try again")
        }
        let id = try await platform.changes.make { view throws(FoundryError) in
            var generator = SystemRandomNumberGenerator()
            let plan = try ReleaseVerbs.install(
                release.manifest, image: made.image, digest: verdict.digest, signer: verdict.signer?.fingerprint,
                by: caller, view: view, now: SystemClock.timestamp(), using: &generator)
            return Change(
                name: plan.name, subject: release.id.description, writes: plan.writes.map { $0.signed(by: caller) },
                answer: release.id)
        }
        let view = platform.view
        guard let record = view.releases[id]?.value else { throw ReleaseVerbs.missing(id.name, view) }
        return ReleaseEndpoints.summary(record, view)
    }

    /// The image below the release's own layer; it lies here.
    private func base(of release: CheckedRelease) async throws(FoundryError) -> ImageResolver.Found {
        switch release.manifest.image {
        case .local(let name): return try await platform.images.resolve(image ?? name)
        case .reference(let reference):
            _ = try await platform.shelf.pull(ImagePullBody(reference: reference))
            return try await platform.images.resolve(reference)
        case .packages:
            guard let image else {
                throw FoundryError(
                    .imageUnknown, "The release's image is built from packages, and was not.",
                    hint: "`foundry release install FILE` builds it")
            }
            return try await platform.images.resolve(image)
        case .archive(let path):
            let name = "release-base/\(release.id.name):\(release.id.version)"
            _ = try await platform.shelf.take("\(directory)/\(path)", name: name)
            return try await platform.images.resolve(name)
        }
    }

    private func layout(of image: ResolvedImage) -> ImageLayout {
        ImageLayout(image.source == .bundled ? platform.configuration.bundledImages : platform.paths.images)
    }
}
