import FoundryModel

/// Reads and checks a release: every mistake at once.
public enum ReleaseReader {
    /// - Throws: `release_invalid` when there is no such directory.
    public static func read(_ directory: String) throws(FoundryError) -> ReleaseFinding {
        let (files, mistakes) = try ReleaseFolder.read(directory)
        return read(files, mistakes)
    }

    /// - Parameter mistakes: what was found while the files were read.
    static func read(_ files: ReleaseFiles, _ mistakes: [ReleaseMistake] = []) -> ReleaseFinding {
        var mistakes = mistakes
        guard let bytes = files.files[ReleaseSyntax.file]?.bytes else {
            if !mistakes.contains(where: { $0.file == ReleaseSyntax.file }) {
                mistakes.append(ReleaseMistake(ReleaseSyntax.file, "is missing"))
            }
            return ReleaseFinding(files: files, mistakes: mistakes.sorted(), manifest: nil)
        }
        var syntax = ReleaseSyntax()
        guard let root = syntax.read(bytes) else {
            return ReleaseFinding(files: files, mistakes: (mistakes + syntax.mistakes).sorted(), manifest: nil)
        }
        var checks = ReleaseChecks(root, files)
        checks.run()
        let all = Array(Set(mistakes + syntax.mistakes + checks.mistakes)).sorted()
        let manifest = all.isEmpty ? ReleaseDraft(root: root, files: files).manifest : nil
        return ReleaseFinding(files: files, mistakes: all, manifest: manifest)
    }
}
