import FoundryClient
import FoundryModel

/// What is offered.
public struct MarketplaceView {
    private let offerings: [ServiceOfferingAnswer]
    private let plans: [ServicePlanAnswer]

    public init(_ offerings: [ServiceOfferingAnswer], _ plans: [ServicePlanAnswer]) {
        self.offerings = offerings
        self.plans = plans
    }

    /// All offerings as a table.
    public func lines(on terminal: Terminal) -> [String] {
        if offerings.isEmpty { return ["Nothing is offered. `foundry release install FILE` brings a release."] }
        var table = Table([
            .init("offering"), .init("plans", isFlexible: true), .init("version"), .init("is", isFlexible: true),
        ])
        for offering in offerings {
            let own = plans(of: offering).map(\.name).joined(separator: ", ")
            table.add([
                .init(offering.name, .strong), .init(own), .init(offering.foundry.version),
                .init(offering.foundry.title),
            ])
        }
        return table.lines(on: terminal) + [
            "", "Its plans and parameters: foundry marketplace -e \(offerings[0].name)",
        ]
    }

    /// One offering with all that a request for it may say.
    public func details(of offering: ServiceOfferingAnswer, on terminal: Terminal) -> [String] {
        var fields = FieldList()
        fields.add("offering", .init(offering.name, .strong))
        fields.add("is", ifAny: offering.foundry.title)
        fields.add("says", ifAny: offering.description)
        fields.add("version", .init(offering.foundry.version))
        fields.add("tags", ifAny: offering.tags.joined(separator: ", "))
        fields.add("docs", ifAny: offering.documentationUrl)
        fields.add("bindings", .init(offering.foundry.hasUsers ? "each with a user of its own" : "without users"))
        fields.add("TLS", .init(offering.foundry.hasTls ? "yes" : "no"))
        let own = plans(of: offering)
        let example = own.first.map { "foundry create-service \(offering.name) \($0.name) NAME" }
        return fields.lines(on: terminal) + ["", "Plans:"] + planTable(own).lines(on: terminal)
            + Self.parameters("Parameters (-c) of an instance:", offering.foundry.parameters, terminal)
            + Self.parameters(
                "Parameters (-c) of a binding or key:", offering.foundry.bindingParameters, terminal, restart: false)
            + (example.map { ["", $0] } ?? [])
    }

    private func plans(of offering: ServiceOfferingAnswer) -> [ServicePlanAnswer] {
        plans.filter { $0.relationships["service_offering"]?.data?.guid == offering.guid }
    }

    private func planTable(_ plans: [ServicePlanAnswer]) -> Table {
        var table = Table([
            .init("plan"), .init("members", .right), .init("memory", .right), .init("cpu", .right),
            .init("disk", .right), .init("sets"), .init("is", isFlexible: true),
        ])
        for plan in plans {
            let own = plan.foundry
            let sets = own.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            table.add([
                .init(plan.name, .strong), .init("\(own.members)"), .init(ByteCount(bytes: own.memory).description),
                .init(CoresText.of(own.cpuMillicores)),
                .init(own.disk.map { ByteCount(bytes: $0).description } ?? "-"),
                .init(sets.isEmpty ? "-" : sets.joined(separator: ", ")), .init(plan.description),
            ])
        }
        return table
    }

    static func parameters(
        _ heading: String, _ parameters: [ParameterSummary], _ terminal: Terminal, restart: Bool = true
    ) -> [String] {
        if parameters.isEmpty { return [] }
        var table = Table(
            [.init("parameter"), .init("takes"), .init("default")] + (restart ? [.init("restarts")] : [])
                + [.init("is", isFlexible: true)])
        for parameter in parameters {
            let value = parameter.defaultValue.map { "\($0)" } ?? "has to be given"
            table.add(
                [
                    .init(parameter.name, .strong), .init(takes(parameter)), .init(value.isEmpty ? "\"\"" : value),
                ] + (restart ? [.init(parameter.restarts ? "yes" : "no")] : []) + [.init(parameter.description)])
        }
        return ["", heading] + table.lines(on: terminal)
    }

    private static func takes(_ parameter: ParameterSummary) -> String {
        switch parameter.type {
        case "integer": "\(parameter.minimum ?? .min) to \(parameter.maximum ?? .max)"
        case "boolean": "true or false"
        case "text": "text" + (parameter.maxLength.map { ", at most \($0)" } ?? "")
        case "choice": (parameter.choices ?? []).joined(separator: " or ")
        default: parameter.type
        }
    }
}
