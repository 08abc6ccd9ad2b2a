import ArgumentParser
import FoundryClient
import FoundryCommandLine

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Show who asked for what: changes, credentials, refusals.",
        discussion: """
            foundry audit
            foundry audit --limit 1000 --output json
            """)

    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("How many of the last ones.", valueName: "count"))
    var limit = 50

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard (1...5_000).contains(limit) else { throw ValidationError("--limit takes 1 to 5000.") }
    }

    func run() async throws {
        try await global.withAPI { api, console in
            let entries = try await api.audit(limit: limit)
            try console.show(ListAnswer(resources: entries), as: global.output) {
                AuditView(entries).lines(on: console.output)
            }
        }
    }
}
