import ArgumentParser
import FoundryCommandLine

struct SecretsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secrets", abstract: "See to the key that seals passwords in the store.",
        discussion: "foundry secrets rotate", subcommands: [SecretsRotateCommand.self])
}

struct SecretsRotateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Seal every secret in the store with a new key, and drop the old one.",
        discussion: """
            foundry secrets rotate

            Nobody's password changes, and nothing is restarted. Backups from before need the key from before.
            """)

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withAPI { api, console in
            let rotation = try await api.rotateSecrets()
            try console.show(rotation, as: global.output) {
                [
                    "\(rotation.records) records are sealed with a new key; older keys that are gone: \(rotation.droppedKeys)"
                ]
            }
        }
    }
}
