import FoundryModel

/// What a member of an instance knows of itself and of the others, by name: for its templates, and for its environment.
///
/// - Source: docs/reference/release.md, "Templates" and "In the member".
public struct MemberValues: Sendable {
    public struct Peer: Hashable, Sendable {
        public var index: Int
        public var name: String
        public var address: String
        public var isSelf: Bool
    }

    private let spec: ServiceSpec
    private let service: ServiceOrder
    private let own: [String: String]
    /// All members of a cluster, itself too; empty where members know nothing of each other.
    public let peers: [Peer]

    /// - Parameter subnet: the first three numbers of the members' addresses: `10.77.3`.
    /// - Parameter hostname: the member's own.
    /// - Returns: nil for a member that is none of an instance.
    /// - Throws: `internal_error` when its order does not say what belongs to it: it must not begin without its secrets, nor as if it were new.
    public init?(_ order: MemberOrder, subnet: String, hostname: String) throws(FoundryError) {
        guard let spec = order.spec.service else { return nil }
        guard let service = order.service else {
            throw FoundryError(
                .internalError, "The orders do not say what belongs to \(order.name).", detail: order.id.description)
        }
        self.spec = spec
        self.service = service
        peers = service.peers.map {
            Peer(index: $0.index, name: $0.name, address: "\(subnet).\($0.slot)", isSelf: $0.member == order.id)
        }
        // `demo/0`
        let index = order.name.drop { $0 != "/" }.dropFirst()
        own = ["member_index": String(index), "member_name": hostname, "member_address": "\(subnet).\(order.slot)"]
    }

    /// For its templates: secrets too.
    public var templates: TemplateValues {
        var values = TemplateValues()
        for (name, value) in texts {
            if let flag = Self.flag(value) { values.flags[name] = flag } else { values.texts[name] = value }
        }
        for (name, secret) in service.secrets.named { values.texts["secrets.\(name)"] = secret.reveal() }
        values.lists["peers"] = peers.map { peer in
            TemplateValues(
                texts: ["index": "\(peer.index)", "name": peer.name, "address": peer.address],
                flags: ["is_self": peer.isSelf, "is_last": peer == peers.last])
        }
        return values
    }

    /// `FOUNDRY_NAME`: nothing that is secret.
    public var environment: [String: String] {
        var variables: [String: String] = [:]
        for (name, value) in texts { variables[Self.variable(name)] = value }
        if !peers.isEmpty {
            variables["FOUNDRY_PEERS"] = peers.map { "\($0.index)=\($0.name)=\($0.address)" }.joined(separator: " ")
        }
        variables["FOUNDRY_DATA"] = spec.data
        return variables
    }

    /// What the platform says wins: a release's own names cannot be the same.
    private var texts: [String: String] {
        let platform = own.overlaid(by: [
            "founded": "\(service.isFounded)", "tls": "\(service.secrets.tls != nil)",
            "tls_ca": service.secrets.tls?.authority ?? "",
        ])
        return spec.values.overlaid(by: platform)
    }

    private static func flag(_ value: String) -> Bool? {
        switch value {
        case "true": true
        case "false": false
        default: nil
        }
    }

    /// `max_connections` is `FOUNDRY_MAX_CONNECTIONS`.
    static func variable(_ name: String) -> String {
        "FOUNDRY_" + String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? Character($0.uppercased()) : "_" })
    }
}
