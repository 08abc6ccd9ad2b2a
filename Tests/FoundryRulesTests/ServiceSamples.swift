import FoundryModel

/// Instances' members, for tests of what a cell does with them.
enum ServiceSamples {
    static func spec(
        values: [String: String] = [:], templates: [ReleaseTemplate] = [], cluster: ReleaseCluster? = nil,
        verbs: [String] = [], data: String? = nil
    ) -> ServiceSpec {
        ServiceSpec(
            instance: ServiceInstanceID("orders")!, values: values, waiting: [], templates: templates,
            cluster: cluster, verbs: verbs, data: data)
    }

    /// Makes a member one of a cluster.
    static func join(_ order: inout MemberOrder, _ peers: [PeerOrder], verbs: [String] = []) {
        order.spec.service = spec(cluster: ReleaseCluster(start: .together), verbs: verbs)
        order.service = ServiceOrder(secrets: ServiceSecrets(), isFounded: false, peers: peers)
    }

    static func peers(_ slots: [Int]) -> [PeerOrder] {
        slots.enumerated().map { index, slot in
            PeerOrder(member: MemberID("m\(slot)")!, index: index, name: "orders-db-\(index)", slot: slot)
        }
    }

    static func verb(_ id: String, in member: MemberID = CellBench.member, verb: String = "bind") -> VerbOrder {
        VerbOrder(
            id: VerbID(id)!, member: member, verb: verb, environment: ["FOUNDRY_BINDING_USER": "b\(id)"],
            input: Secret("hush"))
    }
}
