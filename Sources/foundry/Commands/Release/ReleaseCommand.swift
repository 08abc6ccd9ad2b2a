import ArgumentParser

/// Releases: what services are made of.
struct ReleaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Write, install, upgrade and try releases: what services are made of.",
        discussion: """
            foundry release install postgresql-15.1.0.tgz
            foundry release ls
            foundry release upgrade postgresql
            """,
        subcommands: [
            ReleaseListCommand.self, ReleaseShowCommand.self, ReleaseUpgradeCommand.self, ReleaseRemoveCommand.self,
        ])
}
