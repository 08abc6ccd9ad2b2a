import ArgumentParser
import FoundryCommandLine

struct ImageBuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build", abstract: "Build an image of Debian packages from a directory, and take it in.",
        discussion: """
            foundry image build ./memcached
            foundry push memcached:1.6 cache

            The directory has the shape of those of the bundled images: packages.txt, image.json, and prepare.sh, trim.sh and rootfs/ where it
            needs them; images/README.md tells what they are. It is built on this machine, by root, with script/images.
            """)

    @Argument(help: "The service's directory.")
    var directory: String

    @Option(
        help: ArgumentHelp(
            "What the image is called here; the directory's name and the version otherwise.", valueName: "name"))
    var name: String?

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withAPI { api, console in
            console.note("building \(directory): a minute or so")
            try await ImageBuilder.build(directory) { archive, built in
                try await ImageWork(api, console: console, format: global.output).take(archive, name: name ?? built)
            }
        }
    }
}
