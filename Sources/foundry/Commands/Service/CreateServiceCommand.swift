import ArgumentParser
import FoundryCommandLine

struct CreateServiceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create-service",
        abstract: "Make a service of an offering: a database with a disk and an address.",
        discussion: """
            foundry create-service postgresql small orders-db
            foundry create-service postgresql medium orders-db -c '{"max_connections": 200}' --disk 20G
            foundry create-service redis small sessions --restart-policy available --no-wait

            Says what will be, and what you may rely on, before anything is made. `foundry marketplace -e OFFERING` shows plans and parameters.
            """,
        aliases: ["cs"])

    @Argument(help: "A name that `foundry marketplace` lists.", completion: .offerings)
    var offering: String

    @Argument(help: "One of its plans.")
    var plan: String

    @Argument(help: "Of the service: no app and no other service has it.")
    var name: String

    @Flag(help: "Ask nothing. A new service needs no answers; scripts may say it everywhere.")
    var yes = false

    @OptionGroup var service: ServiceOptions
    @OptionGroup var waiting: WaitOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withContext(waiting) { context in
            try await CreateServiceWork(context)
                .run(offering: offering, plan: plan, name: name, service.arguments)
        }
    }
}
