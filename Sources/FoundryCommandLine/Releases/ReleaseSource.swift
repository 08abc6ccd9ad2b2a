import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryReleases

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A release that somebody named: as an archive and as a directory, for as long as it is worked with.
public struct ReleaseSource: Sendable {
    private static let largestDownload: Int64 = 5 << 30

    /// `.tgz`
    public let archive: String
    public let directory: String
    public let verdict: ReleaseArchive.Verdict

    /// - Parameter what: a directory, which is packed and signed with this user's own key; a `.tgz`; the address of one; or the name of a release
    ///   that comes with the platform.
    /// - Parameter catalog: a file or its address; `what` is the name of one of its releases then.
    /// - Parameter version: of the catalog's; nil: the newest.
    /// - Throws: `release_invalid`, `release_untrusted`, `release_not_found`, `command_failed`; ``Interrupted``; what the body throws.
    public static func with<Result: Sendable>(
        _ what: String, from catalog: String? = nil, version: String? = nil,
        _ body: @escaping @Sendable (ReleaseSource) async throws -> Result
    ) async throws -> Result {
        guard catalog != nil || version == nil else {
            throw FoundryError(.usage, "A version is one of a catalog's.", hint: "--from CATALOG")
        }
        return try await Scratch.with("release") { scratch in
            guard let catalog else { return try await body(try await find(what, scratch)) }
            return try await body(try await choose(what, version, from: catalog, scratch))
        }
    }

    private static func find(_ what: String, _ scratch: String) async throws -> ReleaseSource {
        let archive = "\(scratch)/release.tgz"
        if WebAddress.isOne(what) {
            try await ReleaseDownload.file(what, to: archive, largest: largestDownload)
            return try unpacked(archive, scratch)
        }
        let place = try bundled(what) ?? what
        guard FileManager.default.fileExists(atPath: place) else {
            throw FoundryError(
                .releaseNotFound, "There is no release '\(what)': no directory, no file, and none that comes with us.",
                hint: "foundry release install ./postgresql, or postgresql-15.1.0.tgz")
        }
        // A link counts as what it leads to.
        guard FileManager.default.fileExists(atPath: "\(place)/.") else { return try unpacked(place, scratch) }
        let key = try ReleaseKey.readOrMake(ReleaseHome.key).key
        let verdict = try await ReleaseArchive.pack(place, to: archive, signedBy: key)
        return ReleaseSource(archive: archive, directory: place, verdict: verdict)
    }

    /// Exactly what the catalog names, or nothing.
    private static func choose(
        _ name: String, _ version: String?, from catalog: String, _ scratch: String
    ) async throws -> ReleaseSource {
        // A directory stands for the catalog in it.
        let isDirectory = !WebAddress.isOne(catalog) && FileManager.default.fileExists(atPath: "\(catalog)/.")
        let place = isDirectory ? "\(catalog)/\(ReleaseCatalog.fileName)" : catalog
        let wanted = try version.map { text in
            guard let version = ReleaseVersion(text) else {
                throw FoundryError(.usage, "'\(text.prefix(40))' is no version.", hint: "a version such as 1.2.0")
            }
            return version
        }
        let entry = try await ReleaseDownload.catalog(place, scratch).find(name, version: wanted)
        var archive = ReleaseCatalog.place(of: entry, catalog: place)
        if WebAddress.isOne(archive) {
            let file = "\(scratch)/release.tgz"
            try await ReleaseDownload.file(archive, to: file, largest: min(entry.bytes, largestDownload))
            archive = file
        }
        let found = try ReleaseArchive.identity(of: archive)
        guard found.sha256 == entry.sha256, found.bytes == entry.bytes else {
            throw FoundryError(
                .releaseInvalid, "The archive of \(name) \(entry.version) is not the one that the catalog names.")
        }
        let source = try unpacked(archive, scratch)
        let manifest = try ReleaseReader.read(source.directory).checked().manifest
        guard manifest.name == entry.name, manifest.version == entry.version,
            source.verdict.signer?.fingerprint == entry.signer
        else {
            throw FoundryError(
                .releaseInvalid, "The catalog has another name, version or signer for \(name) \(entry.version).")
        }
        return source
    }

    private static func unpacked(_ archive: String, _ scratch: String) throws(FoundryError) -> ReleaseSource {
        let directory = "\(scratch)/release"
        let verdict = try ReleaseArchive.unpack(archive, into: directory)
        return ReleaseSource(archive: archive, directory: directory, verdict: verdict)
    }

    /// A name without a slash that is no file here: a directory in `releases` of the tree in which this program was built.
    private static func bundled(_ name: String) throws -> String? {
        guard AppName(name) != nil, !FileManager.default.fileExists(atPath: name) else { return nil }
        return ProgramTree.find("releases/\(name)/release.yml").map { String($0.dropLast("/release.yml".count)) }
    }
}

/// The tree that this program was built in, where it still lies there.
enum ProgramTree {
    /// - Parameter path: below the tree's root.
    /// - Returns: absolute; nil: it is not there.
    static func find(_ path: String) -> String? {
        var parts = ProgramPath.ownExecutable.split(separator: "/")
        while !parts.isEmpty {
            parts.removeLast()
            let candidate = "/" + (parts.map(String.init) + [path]).joined(separator: "/")
            if FileManager.default.fileExists(atPath: candidate) { return candidate }
        }
        return nil
    }
}
