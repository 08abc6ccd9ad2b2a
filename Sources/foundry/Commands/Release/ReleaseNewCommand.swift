import ArgumentParser
import FoundryCommandLine
import FoundryModel
import FoundryReleases

struct ReleaseNewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Write a release to begin with.",
        discussion: """
            foundry release new store
            foundry release new cache --packages memcached --port 11211

            Without flags it is a small service of the bundled Redis, which works as it is: a user for each binding, a disk, and a drill.
            With an image or packages of your own it is a frame: where it listens, and where its data lies.
            On a terminal it asks for what is left out.
            """)

    @Argument(help: "What it is called, and the directory that is made.")
    var name: String

    @Option(help: ArgumentHelp("An image that lies here, or one of a registry by its digest.", valueName: "name"))
    var image: String?

    @Option(help: ArgumentHelp("Debian packages to build an image from, with commas between them.", valueName: "names"))
    var packages: String?

    @Option(help: ArgumentHelp("Where it listens, inside the member.", valueName: "port"))
    var port: Int?

    @Option(help: ArgumentHelp("Where its disk is mounted; without one it has none.", valueName: "path"))
    var data: String?

    @Option(name: [.short, .long], help: "How to answer: table for people, json for programs.")
    var output: OutputFormat = .table

    func run() async throws {
        let console = Console()
        guard let name = AppName(name) else {
            throw FoundryError(
                .nameInvalid,
                "'\(name.prefix(80))' is not a name: a-z, 0-9 and hyphens, beginning with a letter, at most 63.",
                hint: "foundry release new store")
        }
        let new = try release(name, console)
        let paths = try new.write(to: name.description)
        try console.show(["directory": name.description], as: output) { paths.map { "\(name)/\($0)" } }
        console.note(
            new.isWhole
                ? "`foundry release check \(name)` finds no mistake in it"
                : "it is a frame: its verbs, users and drill are yours to write; docs/guide/author-a-release.md")
    }

    /// Nobody is asked where a flag says what it shall be.
    private func release(_ name: AppName, _ console: Console) throws -> NewRelease {
        let packages = packages?.split(separator: ",").map(String.init) ?? []
        let isAsked = Prompt.isPossible && output == .table && image == nil && packages.isEmpty
        guard isAsked else {
            return try NewRelease(name: name, image: image, packages: packages, port: port, data: data)
        }
        let prompt = Prompt(console)
        let image = prompt.ask("image", usual: NewRelease.usualImage)
        let isUsual = image == NewRelease.usualImage
        let port = port ?? Int(prompt.ask("port", usual: "\(NewRelease.usualPort)"))
        let data = data ?? prompt.ask("where its disk is mounted", usual: isUsual ? NewRelease.usualData : "")
        return try NewRelease(
            name: name, image: image, packages: [], port: port, data: data.isEmpty ? nil : data)
    }
}
