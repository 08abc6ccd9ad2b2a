import ArgumentParser
import FoundryClient
import FoundryCommandLine

struct MarketplaceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "marketplace", abstract: "Show what services are offered: plans, sizes, parameters.",
        discussion: """
            foundry marketplace
            foundry marketplace -e postgresql
            """,
        aliases: ["m"])

    @Option(
        name: [.customShort("e"), .customLong("offering")],
        help: ArgumentHelp("One offering with its plans and parameters.", valueName: "offering"),
        completion: .offerings)
    var offering: String?

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withAPI { api, console in
            let one = if let offering { try await ServiceLookup(api).offering(offering) } else { nil as ServiceOfferingAnswer? }
            let offerings = if let one { [one] } else { try await api.serviceOfferings() }
            let plans = try await api.servicePlans(of: one?.guid)
            let view = MarketplaceView(offerings, plans)
            try console.show(MarketplaceAnswer(offerings: offerings, plans: plans), as: global.output) {
                one.map { view.details(of: $0, on: console.output) } ?? view.lines(on: console.output)
            }
        }
    }
}

private struct MarketplaceAnswer: Encodable {
    var offerings: [ServiceOfferingAnswer]
    var plans: [ServicePlanAnswer]
}
