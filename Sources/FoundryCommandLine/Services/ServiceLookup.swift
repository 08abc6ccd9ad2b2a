import FoundryClient
import FoundryModel

/// Finds instances, plans and keys by the names that their users gave them.
public struct ServiceLookup: Sendable {
    private let api: FoundryAPI

    public init(_ api: FoundryAPI) { self.api = api }

    /// - Throws: `service_not_found`, with the nearest name that is one.
    public func instance(_ name: String) async throws(FoundryError) -> ServiceInstanceAnswer {
        if let instance = try await api.serviceInstances(named: name).first(where: { $0.name == name }) {
            return instance
        }
        let names = try await api.serviceInstances().map(\.name)
        let nearest = NearestName.find(name, among: names).map { "did you mean \($0)?" }
        throw FoundryError(
            .serviceNotFound, "No service instance is called '\(name)'.",
            hint: nearest ?? (names.isEmpty ? "foundry marketplace" : "foundry services"))
    }

    /// - Throws: `not_found`, with the nearest name that is one.
    public func offering(_ name: String) async throws(FoundryError) -> ServiceOfferingAnswer {
        let offerings = try await api.serviceOfferings()
        if let offering = offerings.first(where: { $0.name == name }) { return offering }
        let nearest = NearestName.find(name, among: offerings.map(\.name)).map { "did you mean \($0)?" }
        throw FoundryError(
            .releaseNotFound, "Nothing is offered under the name '\(name)'.",
            hint: nearest ?? (offerings.isEmpty ? "foundry release install FILE" : "foundry marketplace"))
    }

    /// - Parameter offering: of this guid and name.
    /// - Throws: `plan_not_found`, with those that there are.
    public func plan(
        _ name: String, of offering: (guid: String, name: String)
    ) async throws(FoundryError) -> ServicePlanAnswer {
        let plans = try await api.servicePlans(of: offering.guid)
        if let plan = plans.first(where: { $0.name == name }) { return plan }
        throw FoundryError(
            .planNotFound,
            "\(offering.name) has no plan '\(name)'; it has \(plans.map(\.name).joined(separator: ", ")).",
            hint: "foundry marketplace -e \(offering.name)")
    }

    /// - Throws: `binding_not_found`.
    public func key(
        _ name: String, of instance: ServiceInstanceAnswer
    ) async throws(FoundryError) -> ServiceBindingAnswer {
        let keys = try await api.serviceBindings(of: instance.guid, type: "key", name: name)
        // One that was rotated has the name as long as both are valid; the one that stays is meant.
        if let key = keys.first(where: { $0.foundry.retiresAt == nil }) ?? keys.first { return key }
        throw FoundryError(
            .bindingNotFound, "\(instance.name) has no key '\(name)'.", hint: "foundry service-keys \(instance.name)")
    }
}
