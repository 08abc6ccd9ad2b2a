import ArgumentParser

/// Kinds of services: how they are made, packed, handed on, installed and tried.
struct ReleaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Make, pack, install, upgrade and try kinds of services.",
        discussion: """
            foundry release new store          writes a small one to begin with
            foundry release check store        every mistake in one go
            foundry release test store         certifies it, on a platform of its own
            foundry release pack store         store-0.1.0.tgz, signed with your key
            foundry release index releases/    a catalog of the archives that lie there
            foundry release install store      what it offers is in `foundry marketplace` then
            foundry release upgrade store      its instances follow, one after the other

            docs/reference/release.md tells what a release is.
            """,
        subcommands: [
            ReleaseNewCommand.self, ReleaseCheckCommand.self, ReleaseTestCommand.self, ReleasePackCommand.self,
            ReleaseKeyCommand.self, ReleaseIndexCommand.self, ReleaseInstallCommand.self, ReleaseListCommand.self,
            ReleaseShowCommand.self, ReleaseUpgradeCommand.self, ReleaseRemoveCommand.self,
        ])
}
