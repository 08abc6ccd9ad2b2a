import FoundryModel

/// What was found in a release's directory.
public struct ReleaseFinding: Sendable {
    public var files: ReleaseFiles
    /// Sorted; empty: the release is well-formed.
    public var mistakes: [ReleaseMistake]
    /// nil where there are mistakes.
    public var manifest: ReleaseManifest?

    /// What it says of itself, and its files.
    ///
    /// - Throws: `release_invalid`, with every mistake as detail.
    public func checked() throws(FoundryError) -> CheckedRelease {
        if let manifest, mistakes.isEmpty { return CheckedRelease(manifest: manifest, files: files) }
        let what = mistakes.count == 1 ? "a mistake" : "\(mistakes.count) mistakes"
        throw FoundryError(
            .releaseInvalid, "The release has \(what).",
            detail: mistakes.map(\.description).joined(separator: "\n"), hint: "docs/reference/release.md")
    }
}

/// A release without mistakes.
public struct CheckedRelease: Sendable {
    public let manifest: ReleaseManifest
    public let files: ReleaseFiles

    public var id: ReleaseID { ReleaseID(name: manifest.name, version: manifest.version) }
}
