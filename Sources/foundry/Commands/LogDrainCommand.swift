import ArgumentParser
import FoundryClient
import FoundryCommandLine
import FoundryModel

struct LogDrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log-drain", abstract: "Send an app's log to a syslog server too.",
        discussion: """
            foundry log-drain add demo syslog-tls://logs.example.org:6514
            foundry log-drain ls
            foundry log-drain rm 1f6c9d3e

            Messages are those of RFC 5424, each with its length before it, over TCP (syslog://) or TLS (syslog-tls://). They begin with
            what is written after the drain was added.
            """,
        subcommands: [LogDrainAddCommand.self, LogDrainListCommand.self, LogDrainRemoveCommand.self])
}

struct LogDrainAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Send an app's log to a syslog server, from now on.",
        discussion: "foundry log-drain add demo syslog-tls://logs.example.org:6514")

    @Argument(help: "Of the app.", completion: .apps)
    var app: String

    @Argument(help: "syslog://HOST:PORT or syslog-tls://HOST:PORT; 514 and 6514 if left out.")
    var url: String

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withAPI { api, console in
            let drain = try await api.addLogDrain(to: try await AppLookup(api).app(app).guid, url: url)
            try console.show(drain, as: global.output) {
                ["\(drain.appName) drains to \(drain.url), as \(drain.guid.prefix(8))"]
            }
        }
    }
}

struct LogDrainListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List where logs are sent, and how that goes.", discussion: "foundry log-drain ls")

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withAPI { api, console in
            let drains = try await api.logDrains()
            try console.show(ListAnswer(resources: drains), as: global.output) {
                LogDrainsView(drains).lines(on: console.output)
            }
        }
    }
}

struct LogDrainRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Send an app's log there no more.", discussion: "foundry log-drain rm 1f6c9d3e")

    @Argument(help: "As `foundry log-drain ls` shows it, or the whole of it.")
    var id: String

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withAPI { api, console in
            let found = try await api.logDrains().filter { $0.guid.hasPrefix(id) }
            guard found.count == 1, let drain = found.first, !id.isEmpty else {
                throw FoundryError(
                    .notFound,
                    found.isEmpty ? "No log drain has the id '\(id)'." : "'\(id)' is the beginning of several.",
                    hint: "foundry log-drain ls")
            }
            try await api.removeLogDrain(drain.guid)
            try console.show(drain, as: global.output) { ["\(drain.appName) drains to \(drain.url) no more"] }
        }
    }
}
