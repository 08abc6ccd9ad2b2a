import ArgumentParser
import FoundryCommandLine

struct ImagePullCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull", abstract: "Copy an image of a registry to the platform's machine.",
        discussion: """
            foundry image pull registry.example/team/name:1.2
            foundry image pull registry.example/team/name:1.2 --username me --password-stdin <password.txt

            Its name means this copy from then on: a push asks no registry, until the image is pulled again or removed.
            """)

    @Argument(help: "With the registry's host; with a tag, a digest, or both.")
    var reference: String

    @Option(help: ArgumentHelp("Whom the registry knows.", valueName: "name"))
    var username: String?

    @Flag(help: "Read the password from the standard input; it is asked for on a terminal otherwise.")
    var passwordStdin = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if passwordStdin, username == nil { throw ValidationError("--password-stdin needs --username.") }
    }

    func run() async throws {
        try await global.withAPI { api, console in
            let login = try username.map { try RegistryPassword.read(for: $0, fromInput: passwordStdin, console) }
            try await ImageWork(api, console: console, format: global.output).pull(reference, login: login)
        }
    }
}
