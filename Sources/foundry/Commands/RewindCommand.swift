import ArgumentParser
import FoundryCommandLine

struct RewindCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rewind", abstract: "Bring an app's disk back to what it was when a snapshot was taken.",
        discussion: """
            foundry rewind orders --to before-migration
            foundry rewind orders --to 1a2b3c4d          a disk that an earlier rewind kept

            Asks first. The app runs until its new disk is made, is stopped and started once, and keeps nothing that was written since. The disk
            that it had is kept: `foundry volumes` shows it, `foundry volume rm` removes it.
            """)

    @Argument(help: "Of the app.", completion: .apps)
    var app: String

    @Option(help: ArgumentHelp("By its name or id; or the id of a disk that was kept.", valueName: "snapshot"))
    var to: String

    @Flag(help: "Ask nothing.")
    var yes = false

    @OptionGroup var waiting: WaitOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withContext(waiting) { context in
            try await RewindWork(context).run(
                app: app, to: to, isMeant: yes)
        }
    }
}
