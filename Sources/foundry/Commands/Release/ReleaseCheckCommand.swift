import ArgumentParser
import FoundryCommandLine
import FoundryModel
import FoundryReleases

struct ReleaseCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Tell every mistake of a release, with its file and line.",
        discussion: """
            foundry release check store

            Ends with 4 when there is one.
            """)

    @Argument(help: "The release's directory.", completion: .directory)
    var directory: String = "."

    @Option(name: [.short, .long], help: "How to answer: table for people, json for programs.")
    var output: OutputFormat = .table

    private struct Answer: Encodable {
        var mistakes: [Mistake]

        struct Mistake: Encodable {
            var file: String
            var line: Int?
            var message: String
        }
    }

    func run() async throws {
        let console = Console()
        let finding = try ReleaseReader.read(directory)
        let answer = Answer(
            mistakes: finding.mistakes.map { .init(file: $0.file, line: $0.line, message: $0.message) })
        try console.show(answer, as: output) {
            if let manifest = finding.manifest { return ["\(manifest.name) \(manifest.version): no mistakes"] }
            return finding.mistakes.map { DisplayText.harmless($0.description) }
        }
        guard finding.mistakes.isEmpty else {
            if output == .table { console.note("\(finding.mistakes.count) in all") }
            throw ExitCode(ErrorCode.releaseInvalid.surface.exitCode)
        }
    }
}
