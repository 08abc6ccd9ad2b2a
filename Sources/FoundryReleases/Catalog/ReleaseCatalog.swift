import FoundryModel
import FoundryRules

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// An index of archives: a file that lies beside them, on a disk or a web server.
///
/// It is only a list: what is installed is judged by its checksum here, and by its own signature.
public struct ReleaseCatalog: Hashable, Sendable, Codable {
    public struct Entry: Hashable, Sendable, Codable {
        public var name: AppName
        public var version: ReleaseVersion
        public var title: String
        public var description: String
        /// Where the archive lies: relative to the catalog, or `https://...`.
        public var file: String
        /// Of the archive: 64 hex digits.
        public var sha256: String
        public var bytes: Int64
        /// Fingerprint; nil: nobody signed it.
        public var signer: String?
    }

    public static let fileName = "catalog.json"
    public static let mostEntries = 1_000
    public static let mostBytes = 2 << 20

    public var format = 1
    /// By name, the newest version first.
    public var releases: [Entry]

    /// Of every archive of a directory.
    ///
    /// - Throws: `release_invalid` for the first archive that is none, and where two have the same name and version.
    public static func index(_ directory: String) throws(FoundryError) -> ReleaseCatalog {
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: directory) } catch {
            throw FoundryError(.releaseInvalid, "\(directory) is no directory that can be read.", detail: "\(error)")
        }
        var entries: [Entry] = []
        for name in names.sorted() where name.hasSuffix(".tgz") && ReleaseFiles.isComponent(name) {
            let entry = try entry(directory, name)
            guard !entries.contains(where: { $0.name == entry.name && $0.version == entry.version }) else {
                throw FoundryError(.releaseInvalid, "\(name): \(entry.name) \(entry.version) is there twice.")
            }
            entries.append(entry)
        }
        return ReleaseCatalog(releases: sorted(entries))
    }

    private static func entry(_ directory: String, _ name: String) throws(FoundryError) -> Entry {
        let file = "\(directory)/\(name)"
        let unpacked = "\(directory)/.\(name).\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: unpacked) }
        do throws(FoundryError) {
            let verdict = try ReleaseArchive.unpack(file, into: unpacked)
            let manifest = try ReleaseReader.read(unpacked).checked().manifest
            let (sum, bytes) = try ReleaseArchive.identity(of: file)
            return Entry(
                name: manifest.name, version: manifest.version, title: manifest.title,
                description: manifest.description,
                file: name, sha256: sum, bytes: bytes, signer: verdict.signer?.fingerprint)
        } catch {
            throw FoundryError(error.code, "\(name): \(error.message)", detail: error.detail, hint: error.hint)
        }
    }

    private static func sorted(_ entries: [Entry]) -> [Entry] {
        entries.sorted { $0.name == $1.name ? $1.version < $0.version : $0.name < $1.name }
    }

    public func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }

    /// - Throws: `release_invalid`, when it is no catalog, or leads out of its directory.
    public static func read(_ bytes: [UInt8]) throws(FoundryError) -> ReleaseCatalog {
        let wrong = { (why: String) in
            FoundryError(
                .releaseInvalid, "The catalog cannot be used: \(why).", hint: "foundry release index DIRECTORY")
        }
        guard bytes.count <= mostBytes, YAMLBounds.deepestFlow(bytes) <= 16 else { throw wrong("it is too large") }
        var catalog: ReleaseCatalog
        do { catalog = try JSONDecoder().decode(Self.self, from: Data(bytes)) } catch {
            throw wrong("it is no JSON of this shape")
        }
        guard catalog.format == 1, catalog.releases.count <= mostEntries else { throw wrong("its format is not known") }
        for entry in catalog.releases {
            guard isPlace(entry.file), ImageReference.isDigest("sha256:\(entry.sha256)"), entry.bytes > 0,
                entry.signer.map(ReleaseSigner.isFingerprint) ?? true
            else { throw wrong("its entry for \(entry.name) \(entry.version) cannot be read") }
        }
        catalog.releases = sorted(catalog.releases)
        return catalog
    }

    /// - Parameter version: nil: the newest.
    /// - Throws: `release_not_found`, with the nearest name.
    public func find(_ name: String, version: ReleaseVersion? = nil) throws(FoundryError) -> Entry {
        let named = releases.filter { $0.name.description == name }
        if let entry = version.map({ wanted in named.first { $0.version == wanted } }) ?? named.first { return entry }
        guard named.isEmpty else {
            throw FoundryError(
                .releaseNotFound, "The catalog has no version \(version.map(\.description) ?? "") of \(name).",
                hint: "it has \(named.map(\.version.description).joined(separator: ", "))")
        }
        let nearest = NearestName.find(name, among: Set(releases.map(\.name.description)).sorted())
        throw FoundryError(
            .releaseNotFound, "The catalog has no release '\(name.prefix(80))'.",
            hint: nearest.map { "did you mean \($0)?" }
                ?? "it has \(Set(releases.map(\.name.description)).sorted().prefix(20).joined(separator: ", "))")
    }

    /// Where an entry's archive lies, from where the catalog does: a file or an address.
    public static func place(of entry: Entry, catalog: String) -> String {
        if entry.file.hasPrefix("https://") { return entry.file }
        guard let slash = catalog.lastIndex(of: "/") else { return entry.file }
        return catalog[...slash] + entry.file
    }

    private static func isPlace(_ text: String) -> Bool {
        if text.hasPrefix("https://") {
            return text.utf8.count <= 1_000 && text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
        }
        return ReleaseFiles.isPath(text)
    }
}
