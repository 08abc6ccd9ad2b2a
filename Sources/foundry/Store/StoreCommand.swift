import ArgumentParser

struct StoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Back up, restore and check the platform's own records.",
        discussion: """
            foundry store backup /mnt/backup/foundry-store
            foundry store check
            foundry store check /mnt/backup/foundry-store
            foundry down && foundry store restore /mnt/backup/foundry-store && foundry up

            The records say which apps there are, and which disk is whose. What lies on the disks is not in them.
            """,
        subcommands: [StoreBackupCommand.self, StoreRestoreCommand.self, StoreCheckCommand.self])
}
