import ArgumentParser

/// The command line, and the daemons as subcommands.
@main
struct Foundry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "foundry",
        abstract: "Runs stateful services on your machines: push an image, get a database with a disk and an address.",
        discussion: """
            foundry up                             starts the platform here
            foundry push postgres demo --disk 1G   PostgreSQL with a disk of its own
            foundry credentials demo --pg-service  and then: psql service=demo
            foundry why demo                       in words, why it is as it is

            Exit codes: 0 done, 2 usage, 3 not found, 4 refused, 5 not ready, 6 the platform failed, 7 not signed in.
            """,
        version: FoundryVersion.text,
        subcommands: [
            ServerCommand.self, CellCommand.self, RouterCommand.self, SuperviseCommand.self, ProxyConfigCommand.self,
            ReferenceCommand.self, CompletionAppsCommand.self,
        ],
        groupedSubcommands: [
            CommandGroup(
                name: "Apps",
                subcommands: [
                    PushCommand.self, AppsCommand.self, AppCommand.self, StartCommand.self, StopCommand.self,
                    RestartCommand.self, ScaleCommand.self,
                    DeleteCommand.self, CredentialsCommand.self,
                ]),
            CommandGroup(
                name: "Looking into it",
                subcommands: [
                    WhyCommand.self, ExecCommand.self, LogsCommand.self, LogDrainCommand.self, EventsCommand.self,
                    TopCommand.self,
                    VolumesCommand.self,
                ]),
            CommandGroup(
                name: "Data",
                subcommands: [
                    SnapshotCommand.self, SnapshotsCommand.self, CloneCommand.self, RewindCommand.self,
                    VolumeCommand.self, StoreCommand.self,
                ]),
            CommandGroup(name: "Services", subcommands: [ReleaseCommand.self]),
            CommandGroup(name: "Images", subcommands: [ImagesCommand.self, ImageCommand.self]),
            CommandGroup(
                name: "Platform",
                subcommands: [
                    UpCommand.self, DownCommand.self, StatusCommand.self, DoctorCommand.self, TokenCommand.self,
                    AuditCommand.self, ResetCommand.self, CompletionCommand.self,
                    VersionCommand.self,
                ]),
        ])

    static func main() async { await CommandRun.main(Array(CommandLine.arguments.dropFirst())) }
}
