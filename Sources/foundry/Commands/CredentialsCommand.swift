import ArgumentParser
import FoundryCommandLine

struct CredentialsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "credentials",
        abstract: "Show how to reach an app, and as whom.",
        discussion: """
            foundry credentials demo --pg-service && psql service=demo
            foundry credentials demo --instance 1 --pg-service && psql service=demo-1

            --pg-service writes an entry named for the app into ~/.pg_service.conf (or $PGSERVICEFILE), readable by you only; \
            other entries stay as they are.
            """)

    @Argument(help: "Of the app.", completion: .apps)
    var name: String

    @Flag(help: "Write the PostgreSQL connection service file that psql reads.")
    var pgService = false

    @Flag(help: "Print the password, too.")
    var showPassword = false

    @OptionGroup var member: InstanceOption
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withAPI { api, console in
            let work = CredentialsWork(api, console: console, format: global.output)
            if pgService {
                try await work.writePostgresService(app: name, instance: member.instance)
            } else {
                try await work.show(app: name, instance: member.instance, showsPassword: showPassword)
            }
        }
    }
}
