import ArgumentParser
import FoundryCommandLine
import FoundryEffects
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct ReleaseTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Certify a release: every plan through kills, full disks, rotation and rewind.",
        discussion: """
            foundry release test ./my-release
            foundry release test postgresql --plan small --report postgresql.json
            foundry release test ./my-release --short

            On a platform of its own, in a scratch directory (below TMPDIR, or /var/tmp), which goes when it is done or interrupted. Every record
            that was acknowledged is read back after every step. It takes some minutes for each plan, and root. --short: one plan, and what takes a minute.
            """)

    @Argument(help: "A directory, a .tgz, or the name of one that comes with us.", completion: .file())
    var release = "."

    @Option(help: ArgumentHelp("Only this one; may be repeated. All otherwise.", valueName: "plan"))
    var plan: [String] = []

    @Flag(help: "One plan, without the kill of all daemons, the full disk and the rewind.")
    var short = false

    @Option(help: ArgumentHelp("Keep what came of it: FILE as JSON, FILE.txt as text.", valueName: "file"))
    var report: String?

    @Flag(help: "Leave the scratch directory and its platform.")
    var keep = false

    @Option(name: [.customShort("o"), .long], help: "How to answer: table for people, json for programs.")
    var output: OutputFormat = .table

    func run() async throws {
        try DataOptions.requireRoot()
        let console = Console()
        let result = try await ReleaseSource.with(release) { [plan, short, keep, output] source in
            try await ReleaseDrill(
                .init(directory: source.directory, plans: plan, isShort: short, keeps: keep), console: console,
                format: output
            ).run()
        }
        if let report {
            try Self.write(try JSONText.document(result), to: report)
            try Self.write(result.lines(on: .plain).joined(separator: "\n"), to: "\(report).txt")
        }
        try console.show(result, as: output) { result.lines(on: console.output) }
        guard result.isPassed else {
            throw FoundryError(
                .releaseInvalid, "\(result.release) \(result.version) did not pass.",
                detail: result.failures.map { "\($0.plan): \($0.name): \($0.says)" }.joined(separator: "\n"))
        }
    }

    private static func write(_ text: String, to file: String) throws {
        do { try DurableFile.write((text + "\n").utf8, to: file) } catch {
            throw FoundryError(.badRequest, "The report cannot be written.", detail: "\(file): \(error)")
        }
    }
}
