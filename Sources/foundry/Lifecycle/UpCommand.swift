import ArgumentParser
import FoundryCommandLine
import FoundryEffects
import FoundryModel
import FoundrySupervisor

struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up", abstract: "Start the platform on this machine.",
        discussion: """
            The first time it checks the machine, makes keys and a configuration, and tells this user's command line. After that it starts
            what is not running. Members that were stopped by `foundry down` come back.

            foundry up
            foundry up --data /srv/second --pool-size 20G

            It starts a small supervisor that starts the rest again when it dies. Under systemd that is a unit, foundry-INSTANCE.service;
            elsewhere a daemon. With --foreground another supervisor may hold it: it ends with 0 after `foundry down`, and is to be started
            again when it was killed.
            """)

    @OptionGroup var place: DataOptions

    @Flag(help: "Stay, as the supervisor itself: for systemd, runit and the like.")
    var foreground = false

    @Flag(help: "Print the systemd unit of this installation, and do nothing else.")
    var printSystemdUnit = false

    @OptionGroup(title: "Decided by the first up") var setup: SetupOptions

    @Option(name: [.short, .long], help: "How to answer: table for people, json for programs.")
    var output: OutputFormat = .table

    func run() async throws {
        if printSystemdUnit {
            return Console().write(SystemdUnit(instance: try place.paths().instance, data: place.directory).text.utf8)
        }
        let options = try setup.options(data: place.directory)
        ProgramPath.adopt()
        if foreground { try await stay(options) }
        let console = Console()
        let answer = try await Progress.show(on: console, isSilent: output == .json) { progress in
            try await UpWork(options, progress: progress).run()
        }
        try console.show(answer, as: output) { answer.lines(on: console.output) }
    }

    /// Becomes the supervisor.
    private func stay(_ options: UpOptions) async throws -> Never {
        let installation = try await Installation.prepare(options)
        try UserTarget.add(installation)
        try SupervisorStart.clear(installation.paths)
        throw try SuperviseCommand.become(["--data", options.data, "--foreground"])
    }
}
