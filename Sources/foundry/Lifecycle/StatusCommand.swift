import ArgumentParser
import FoundryCommandLine
import FoundryModel
import FoundrySupervisor

#if canImport(Glibc)
import Glibc
#endif

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show the platform's own parts on this machine.",
        discussion: """
            Ends with 0 when all of it serves, with 5 when it does not.

            foundry status
            """)

    @OptionGroup var place: DataOptions

    @Option(name: [.short, .long], help: "How to answer: table for people, json for programs.")
    var output: OutputFormat = .table

    /// The exit code of everything that is not ready yet, as in docs/reference/errors.md.
    private static let notReady: Int32 = 5

    func run() async throws {
        guard geteuid() == 0 else {
            throw FoundryError(
                .forbidden, "Only root sees the platform's own parts.",
                hint: "sudo foundry status; `foundry apps` needs no root")
        }
        let paths = try place.paths()
        let report = await StatusReport.make(paths, try ConfigurationFile.require(data: paths.data))
        let console = Console()
        try console.show(report, as: output) { StatusView(report).lines(on: console.output) }
        if report.state != .up { throw ExitCode(Self.notReady) }
    }
}
