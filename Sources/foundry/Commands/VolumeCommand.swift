import ArgumentParser
import FoundryCommandLine

struct VolumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "volume", abstract: "Remove a volume that no app has any more.",
        discussion: "foundry volume rm 1a2b3c4d", subcommands: [VolumeRemoveCommand.self])
}

struct VolumeRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Remove a volume that no app has any more; its data is kept for some days more.",
        discussion: """
            foundry volume rm 1a2b3c4d
            foundry volume rm 1a2b3c4d --purge --force

            One that a rewind kept, or that of a deleted app. `foundry volumes` lists them all.
            """)

    @Argument(help: "Its id, or the beginning of it.")
    var volume: String

    @Flag(help: "Remove its data at once, for good.")
    var purge = false

    @Flag(help: "Ask nothing.")
    var force = false

    @OptionGroup var waiting: WaitOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withContext(waiting) { context in
            try await VolumeWork(context).remove(
                volume, purge: purge, force: force)
        }
    }
}
