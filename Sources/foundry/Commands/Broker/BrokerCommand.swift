import ArgumentParser
import FoundryClient
import FoundryCommandLine
import FoundryEffects

struct BrokerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "broker", abstract: "Let a Cloud Foundry or a Kubernetes use the services here.",
        discussion: "foundry broker credentials add cloudfoundry",
        subcommands: [BrokerCredentialsCommand.self])
}

struct BrokerCredentialsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "credentials", abstract: "With what clients sign in at the broker.",
        discussion: """
            foundry broker credentials add cloudfoundry
            foundry broker credentials ls
            foundry broker credentials rm cloudfoundry

            Several are valid at once: add one, tell it to the client, remove the one before. A password is shown once, when it is made; the
            platform keeps only what it hashes to.
            """,
        subcommands: [
            BrokerCredentialsAddCommand.self, BrokerCredentialsListCommand.self, BrokerCredentialsRemoveCommand.self,
        ])
}

struct BrokerCredentialsAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Make a name and a password, and print the password on the standard output.",
        discussion: "foundry broker credentials add cloudfoundry")

    @Argument(help: "With which the client signs in; in the audit log, too.")
    var name: String

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withAPI { api, console in
            let credential = try await api.addBrokerCredential(name)
            try console.show(credential, as: global.output) { [credential.password ?? ""] }
            guard global.output == .table else { return }
            if let url = credential.url { console.note("The broker answers at \(url), for the user \(name).") }
            console.note("This is the only time that the password is shown.")
        }
    }
}

struct BrokerCredentialsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List the names that may sign in.", discussion: "foundry broker credentials ls")

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withAPI { api, console in
            let credentials = try await api.brokerCredentials()
            try console.show(ListAnswer(resources: credentials), as: global.output) {
                BrokerCredentialsView(credentials, now: SystemClock.timestamp()).lines(on: console.output)
            }
        }
    }
}

struct BrokerCredentialsRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Take a name and its password back.",
        discussion: "foundry broker credentials rm cloudfoundry")

    @Argument(help: "With which the client signs in.")
    var name: String

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withAPI { api, console in
            try await api.removeBrokerCredential(name)
            try console.show(["name": name, "state": "removed"], as: global.output) {
                ["\(name) opens nothing any more; the services that were made with it stay"]
            }
        }
    }
}
