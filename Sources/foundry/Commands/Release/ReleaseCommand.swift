import ArgumentParser

/// Kinds of services: how they are made, packed and handed on.
struct ReleaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Make, check and pack kinds of services.",
        discussion: """
            foundry release new store          writes a small one to begin with
            foundry release check store        every mistake in one go
            foundry release pack store         store-0.1.0.tgz, signed with your key
            foundry release index releases/    a catalog of the archives that lie there

            docs/reference/release.md tells what a release is.
            """,
        subcommands: [
            ReleaseNewCommand.self, ReleaseCheckCommand.self, ReleasePackCommand.self, ReleaseKeyCommand.self,
            ReleaseIndexCommand.self,
        ])
}
