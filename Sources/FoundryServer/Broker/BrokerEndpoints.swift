import FoundryModel
import Hummingbird

/// The Open Service Broker API.
///
/// - Source: Open Service Broker API 2.17; docs/reference/osb-conformance.md has each of its demands with the test that holds it.
struct BrokerEndpoints: Sendable {
    let platform: Platform

    private static let instance = "/v2/service_instances/:instance_id"
    private static let binding = "\(instance)/service_bindings/:binding_id"

    var endpoints: [Endpoint] {
        let (instances, bindings) = (BrokerInstances(platform: platform), BrokerBindings(platform: platform))
        let limit = BrokerBindings.longestWait + .seconds(15)
        return [
            .get("/v2/catalog") { _ throws(FoundryError) in Answer.json(try platform.catalog.bytes(platform.view)) },
            .get(Self.instance) { request throws(FoundryError) in try instances.fetch(BrokerCall(request)) },
            Endpoint(.put, Self.instance) { request throws(FoundryError) in
                try await instances.provision(BrokerCall(request))
            },
            .patch(Self.instance) { request throws(FoundryError) in try await instances.update(BrokerCall(request)) },
            .delete(Self.instance) { request throws(FoundryError) in
                try await instances.deprovision(BrokerCall(request))
            },
            .get("\(Self.instance)/last_operation") { request throws(FoundryError) in
                try instances.lastOperation(BrokerCall(request))
            },
            .get(Self.binding, isSecret: true) { request throws(FoundryError) in
                try bindings.fetch(BrokerCall(request))
            },
            Endpoint(.put, Self.binding, isSecret: true, limit: limit) { request throws(FoundryError) in
                try await bindings.bind(BrokerCall(request))
            },
            Endpoint(.delete, Self.binding, limit: limit) { request throws(FoundryError) in
                try await bindings.unbind(BrokerCall(request))
            },
            .get("\(Self.binding)/last_operation") { request throws(FoundryError) in
                try bindings.lastOperation(BrokerCall(request))
            },
        ]
    }
}
