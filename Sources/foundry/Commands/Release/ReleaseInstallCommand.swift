import ArgumentParser
import FoundryCommandLine

struct ReleaseInstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Install a release: a directory, a .tgz, its address, or one that comes with us.",
        discussion: """
            foundry release install postgresql
            foundry release install ./my-release
            foundry release install https://releases.example/nats-2.9.1.tgz --trust SHA256:...
            foundry release install nats --from https://releases.example/catalog.json

            Judged whole before anything of it is kept. Whose key signed it is asked about once; your own is trusted.
            """)

    @Argument(help: "Of the release, or where it lies.", completion: .file())
    var release: String

    @Option(help: ArgumentHelp("Of this catalog, by its name: a file, or its address.", valueName: "catalog"))
    var from: String?

    @Option(help: ArgumentHelp("Of the catalog's versions; the newest otherwise.", valueName: "version"))
    var version: String?

    @Option(help: ArgumentHelp("The key that must have signed it.", valueName: "fingerprint"))
    var trust: String?

    @Flag(help: "Take it also if nobody signed it.")
    var unsigned = false

    @Flag(help: "Ask nothing: take a key that was not seen before.")
    var yes = false

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withAPI { api, console in
            try await ReleaseInstallWork(api, console: console, format: global.output).run(
                release, from: from, version: version,
                trust: .init(fingerprint: trust, unsigned: unsigned, yes: yes))
        }
    }
}
