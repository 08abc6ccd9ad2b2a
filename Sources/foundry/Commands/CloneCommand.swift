import ArgumentParser
import FoundryCommandLine

struct CloneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clone", abstract: "Make a new app like another one, with a copy of its disk.",
        discussion: """
            foundry clone orders orders-test
            foundry clone orders orders-test --snapshot before-migration

            The app itself goes on untouched. The clone has one member, even of an app of several, of which --instance names one. It has the same image, sizes, variables and policies, a port of its own, and the users and
            passwords that lie in the data. It is counted with its whole disk.
            """)

    @Argument(help: "Of the app.", completion: .apps)
    var app: String

    @Argument(help: "Of the new app.")
    var name: String

    @Option(help: "Of the app, by its name or id; one is taken for it, and removed after, if left out.")
    var snapshot: String?

    @OptionGroup var member: InstanceOption

    @Option(help: "Of its route; the lowest free one if left out.")
    var port: Int?

    @OptionGroup var waiting: WaitOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withContext(waiting) { context in
            try await CloneWork(context).run(
                app: app, name: name, snapshot: snapshot, instance: member.instance, port: port)
        }
    }
}
