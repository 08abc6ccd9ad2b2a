import ArgumentParser
import FoundryCommandLine

struct ImageImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take in an image from a file.",
        discussion: """
            foundry image import name.tar --name team/name:1.2
            foundry push team/name:1.2

            The file is an OCI archive (`skopeo copy SOURCE oci-archive:FILE`), or one of `docker save`, of one image.
            """)

    @Argument(help: "The archive.")
    var file: String

    @Option(help: ArgumentHelp("What the image is called here; the file's name otherwise.", valueName: "name"))
    var name: String?

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withAPI { api, console in
            try await ImageWork(api, console: console, format: global.output).take(file, name: name)
        }
    }
}
