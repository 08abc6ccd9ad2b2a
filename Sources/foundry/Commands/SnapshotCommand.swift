import ArgumentParser
import FoundryClient
import FoundryCommandLine
import FoundryEffects

struct SnapshotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot", abstract: "Take a snapshot of an app's disk while it runs; remove one.",
        discussion: """
            foundry snapshot orders
            foundry snapshot orders --name before-migration
            foundry snapshot orders --instance 1
            foundry snapshots orders
            foundry snapshot rm orders before-migration

            Writes are held while it is taken, some ten milliseconds, and the answer says for how long. It is counted with the size of the
            disk: a pool that has no room for that refuses it.
            """,
        subcommands: [SnapshotTakeCommand.self, SnapshotRemoveCommand.self],
        defaultSubcommand: SnapshotTakeCommand.self)
}

struct SnapshotTakeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "take", abstract: "Take a snapshot of an app's disk.",
        discussion: "foundry snapshot orders --name before-migration")

    @Argument(help: "Of the app.", completion: .apps)
    var app: String

    @Option(help: "Of the snapshot; made of the time if left out.")
    var name: String?

    @OptionGroup var member: InstanceOption

    @OptionGroup var waiting: WaitOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withContext(waiting) { context in
            try await SnapshotWork(context).take(
                of: app, SnapshotRequest(name: name, instance: member.instance))
        }
    }
}

struct SnapshotRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Remove a snapshot with its data.",
        discussion: "foundry snapshot rm orders before-migration")

    @Argument(help: "Of the app, which may be gone.", completion: .apps)
    var app: String

    @Argument(help: "Of the snapshot, or its id.")
    var snapshot: String

    @OptionGroup var waiting: WaitOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withContext(waiting) { context in
            try await SnapshotWork(context).remove(
                snapshot, of: app)
        }
    }
}

struct SnapshotsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshots", abstract: "List snapshots, of one app or of all, those of deleted apps among them.",
        discussion: """
            foundry snapshots
            foundry snapshots orders
            """)

    @Argument(help: "Of the app; of all if left out.", completion: .apps)
    var app: String?

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withAPI { api, console in
            let snapshots = try await api.snapshots().filter { app == nil || $0.appName == app }
            try console.show(ListAnswer(resources: snapshots), as: global.output) {
                SnapshotsView(snapshots, now: SystemClock.timestamp()).lines(on: console.output)
            }
        }
    }
}
