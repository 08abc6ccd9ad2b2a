import ArgumentParser
import FoundryCommandLine
import FoundryEffects
import FoundryModel
import FoundryReleases

struct ReleaseIndexCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "index", abstract: "Write a catalog of the archives in a directory.",
        discussion: """
            foundry release index releases/

            Writes releases/catalog.json; put the directory on a web server or a disk, and releases can be installed from it by name.
            """)

    @Argument(help: "Where the archives lie.", completion: .directory)
    var directory: String

    @Option(name: [.short, .long], help: "How to answer: table for people, json for programs.")
    var output: OutputFormat = .table

    func run() async throws {
        let catalog = try ReleaseCatalog.index(directory)
        let file = "\(directory)/\(ReleaseCatalog.fileName)"
        do {
            try DurableFile.write(
                try catalog.text().utf8, to: file, mode: [.ownerReadWrite, .groupRead, .otherRead])
        } catch {
            throw FoundryError(.internalError, "The catalog cannot be written.", detail: "\(file): \(error)")
        }
        try Console().show(catalog, as: output) {
            catalog.releases.map { "\($0.name) \($0.version)  \($0.file)  \($0.signer ?? "unsigned")" }
        }
    }
}
