import ArgumentParser
import FoundryClient
import FoundryCommandLine
import FoundryEffects

struct ServicesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "services", abstract: "List all services.",
        discussion: "foundry services --output json | jq -r '.resources[].name'", aliases: ["s"])

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withAPI { api, console in
            let instances = try await api.serviceInstances()
            try console.show(ListAnswer(resources: instances), as: global.output) {
                ServicesView(instances, now: SystemClock.timestamp()).lines(on: console.output)
            }
        }
    }
}

struct ServiceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "service", abstract: "Show a service: plan, version, members, bindings, last operation.",
        discussion: """
            foundry service orders-db
            foundry service orders-db --output json | jq -r .last_operation.state

            Of its members: `foundry why orders-db`, `logs`, `events`, `exec`, `snapshot`, `rewind`, `restart` take its name, too.
            """)

    @Argument(help: "Of the service.", completion: .services)
    var name: String

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withAPI { api, console in
            let instance = try await ServiceLookup(api).instance(name)
            try console.show(instance, as: global.output) {
                ServiceView(instance, now: SystemClock.timestamp()).lines(on: console.output)
            }
        }
    }
}
