import ArgumentParser
import FoundryClient
import FoundryCommandLine

struct ScaleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scale", abstract: "Give a running app more room, or less; more members, or fewer.",
        discussion: """
            foundry scale demo --memory 2G --cpu 2   in force at once
            foundry scale demo --disk 20G            grows while it is used; a disk never gets smaller
            foundry scale demo --disk 20G --restart  where the kernel cannot do that
            foundry scale demo --instances 3         members that know nothing of each other, each with a disk of its own
            foundry scale demo                       what it has now

            With fewer members the last are stopped; their disks are kept for some days, and a member of the same number gets its own again.
            Nothing is restarted without --restart. A program that measures its memory when it starts, as databases do with their caches, uses
            more of it after `foundry restart`.
            """)

    @Argument(help: "Of the app.", completion: .apps)
    var name: String

    @Option(
        name: [.customShort("i"), .long],
        help: ArgumentHelp("Members that know nothing of each other.", valueName: "count"))
    var instances: Int?

    @Option(help: ArgumentHelp("What its processes may use.", valueName: "size"))
    var memory: String?

    @Option(help: ArgumentHelp("Cores, such as 2, 0.5 or 250m.", valueName: "cores"))
    var cpu: String?

    @Option(help: ArgumentHelp("Of its volume: as large as now, or larger.", valueName: "size"))
    var disk: String?

    @Flag(help: "Restart it where the kernel lets a disk grow only while nothing uses it.")
    var restart = false

    @OptionGroup var waiting: WaitOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withContext(waiting) { context in
            try await ScaleWork(context).run(
                app: name,
                ScaleBody(instances: instances, memory: memory, cpu: cpu, disk: disk, restart: restart))
        }
    }
}
