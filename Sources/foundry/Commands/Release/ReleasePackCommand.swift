import ArgumentParser
import FoundryCommandLine
import FoundryModel
import FoundryReleases

struct ReleasePackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pack", abstract: "Pack a release into one file, signed with your key.",
        discussion: """
            foundry release pack store                 store-0.1.0.tgz
            foundry release pack store --unsigned

            The same release and key give the same bytes. Your key is made the first time; `foundry release key` shows it.
            """)

    @Argument(help: "The release's directory.", completion: .directory)
    var directory: String = "."

    @Option(help: ArgumentHelp("The file to write; NAME-VERSION.tgz otherwise.", valueName: "file"))
    var file: String?

    @Option(help: ArgumentHelp("Your name, as the archive has it. Only the key proves who you are.", valueName: "name"))
    var author: String?

    @Flag(help: "Sign nothing: whoever installs it has to say that that is well.")
    var unsigned = false

    @Option(name: [.short, .long], help: "How to answer: table for people, json for programs.")
    var output: OutputFormat = .table

    private struct Answer: Encodable {
        var file: String
        var digest: String
        var signer: String?
    }

    func run() async throws {
        let console = Console()
        let release = try ReleaseReader.read(directory).checked()
        let target = file ?? "\(release.id.name)-\(release.id.version).tgz"
        let key = unsigned ? nil : try ReleaseKey.readOrMake(ReleaseHome.key)
        if key?.isNew == true { console.note("your key is new: \(ReleaseHome.key); keep it, and keep it to yourself") }
        let verdict = try await ReleaseArchive.pack(
            directory, to: target, signedBy: key?.key, author: author ?? Terminal.variable("USER") ?? "")
        let answer = Answer(file: target, digest: verdict.digest, signer: verdict.signer?.fingerprint)
        try console.show(answer, as: output) {
            [target, "digest  \(answer.digest)", "signer  \(answer.signer ?? "nobody")"]
        }
    }
}
