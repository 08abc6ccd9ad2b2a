import ArgumentParser
import FoundryCommandLine

struct UpdateServiceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update-service", abstract: "Change a service: its plan, its parameters, its version.",
        discussion: """
            foundry update-service orders-db -p medium
            foundry update-service orders-db -c '{"max_connections": 200}'
            foundry update-service orders-db --disk 40G
            foundry update-service orders-db --upgrade

            Says beforehand what becomes another, and whether its members are restarted for it; asks then, on a terminal. One member is changed \
            at a time, and all goes back if one does not become healthy. Parameters that you do not name stay.
            """)

    @Argument(help: "Of the service.", completion: .services)
    var name: String

    @Option(name: [.customShort("p"), .customLong("plan")], help: ArgumentHelp("Another plan.", valueName: "plan"))
    var plan: String?

    @Flag(help: "To the current version of its release.")
    var upgrade = false

    @Flag(help: "Ask nothing.")
    var yes = false

    @OptionGroup var service: ServiceOptions
    @OptionGroup var waiting: WaitOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withContext(waiting) { context in
            try await UpdateServiceWork(context)
                .run(name, plan: plan, upgrade: upgrade, asks: !yes, service.arguments)
        }
    }
}

struct RenameServiceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rename-service", abstract: "Give a service another name; its address and credentials stay.",
        discussion: "foundry rename-service orders-db orders")

    @Argument(help: "Of the service.", completion: .services)
    var name: String

    @Argument(help: "What it is called from then on.")
    var newName: String

    @OptionGroup var waiting: WaitOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withContext(waiting) { context in
            try await DeleteServiceWork(context).rename(name, to: newName)
        }
    }
}
