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
            var one: ServiceOfferingAnswer?
            if let offering { one = try await ServiceLookup(api).offering(offering) }
            var offerings = [one].compactMap(\.self)
            if offerings.isEmpty { offerings = try await api.serviceOfferings() }
            let plans = try await api.servicePlans(of: one?.guid)
            let view = MarketplaceView(offerings, plans)
            let shown = one
            try console.show(MarketplaceAnswer(offerings: offerings, plans: plans), as: global.output) {
                shown.map { view.details(of: $0, on: console.output) } ?? view.lines(on: console.output)
            }
        }
    }
}

private struct MarketplaceAnswer: Encodable {
    var offerings: [ServiceOfferingAnswer]
    var plans: [ServicePlanAnswer]
}
