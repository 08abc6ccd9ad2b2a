import ArgumentParser
import FoundryClient
import FoundryCommandLine
import FoundryEffects

struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Make, list and revoke tokens of the API.",
        discussion: """
            foundry token create grafana --read-only
            foundry token create deploy --expires 30d
            foundry token ls
            foundry token revoke deploy

            A token is shown once, when it is made; the platform keeps only what it hashes to. One that only reads opens everything that
            changes nothing, credentials left out.
            """,
        subcommands: [TokenCreateCommand.self, TokenListCommand.self, TokenRevokeCommand.self])
}

struct TokenCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a token, and print it on the standard output.",
        discussion: "foundry token create grafana --read-only --expires 30d")

    @Argument(help: "How it is called, in the audit log too.")
    var name: String

    @Flag(help: "It opens what changes nothing, and no credentials.")
    var readOnly = false

    @Option(help: ArgumentHelp("When it ends: 12h, 30d. Left out: never.", valueName: "time"))
    var expires: LongTimeArgument?

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withAPI { api, console in
            let token = try await api.createToken(
                TokenRequest(name: name, isReadOnly: readOnly, expiresInSeconds: expires?.seconds))
            try console.show(token, as: global.output) { [token.token ?? ""] }
            if global.output == .table { console.note("This is the only time that the token is shown.") }
        }
    }
}

struct TokenListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List the tokens that were made.", discussion: "foundry token ls")

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withAPI { api, console in
            let tokens = try await api.tokens()
            try console.show(ListAnswer(resources: tokens), as: global.output) {
                TokensView(tokens, now: SystemClock.timestamp()).lines(on: console.output)
            }
        }
    }
}

struct TokenRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Take a token back: it opens nothing any more.",
        discussion: "foundry token revoke grafana")

    @Argument(help: "Of the token.")
    var name: String

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withAPI { api, console in
            try await api.revokeToken(name)
            try console.show(["name": name, "state": "revoked"], as: global.output) {
                ["\(name) opens nothing any more"]
            }
        }
    }
}

extension LongTimeArgument: ExpressibleByArgument {
    public init?(argument: String) { self.init(parsing: argument) }
    public var defaultValueDescription: String { "\(seconds)s" }
}
