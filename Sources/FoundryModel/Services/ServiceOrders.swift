/// What a workload is of an instance: a part of its specification.
public struct ServiceSpec: Hashable, Sendable, Codable {
    public var instance: ServiceInstanceID
    /// What templates and verbs know, by name: parameters, constants, the plan's figures. Nothing secret.
    public var values: [String: String]
    /// Values of which a change waits for the next start; sorted.
    public var waiting: [String]
    /// Rendered from the image's `/foundry/templates`.
    public var templates: [ReleaseTemplate]
    /// Its members reach each other, and know each other's names.
    public var cluster: ReleaseCluster?
    /// Its verbs: `/foundry/verbs/NAME`.
    public var verbs: [String]
    /// Where its disk is mounted.
    public var data: String?

    public init(
        instance: ServiceInstanceID, values: [String: String], waiting: [String], templates: [ReleaseTemplate],
        cluster: ReleaseCluster?, verbs: [String], data: String?
    ) {
        self.instance = instance
        self.values = values
        self.waiting = waiting
        self.templates = templates
        self.cluster = cluster
        self.verbs = verbs
        self.data = data
    }
}

/// What a member of an instance gets beside its specification: it may change without a new container being made.
public struct ServiceOrder: Hashable, Sendable, Codable {
    public var secrets: ServiceSecrets
    public var isFounded: Bool
    /// Of a cluster, all on this cell, itself too; sorted by index.
    public var peers: [PeerOrder]

    public init(secrets: ServiceSecrets, isFounded: Bool, peers: [PeerOrder]) {
        self.secrets = secrets
        self.isFounded = isFounded
        self.peers = peers
    }
}

public struct PeerOrder: Hashable, Sendable, Codable {
    public var member: MemberID
    public var index: Int
    /// Its host name: `orders-db-0`.
    public var name: String
    public var slot: Int

    public init(member: MemberID, index: Int, name: String, slot: Int) {
        self.member = member
        self.index = index
        self.name = name
        self.slot = slot
    }
}

/// What an app gets of the services that it is bound to.
public struct BoundServicesOrder: Hashable, Sendable, Codable {
    /// `VCAP_SERVICES`, `SERVICE_BINDING_ROOT`.
    public var environment: [String: Secret]
    /// By path below `/bindings`: `orders-db/username`.
    public var files: [String: Secret]
    /// Sorted by name.
    public var routes: [BoundRoute]

    public init(environment: [String: Secret], files: [String: Secret], routes: [BoundRoute]) {
        self.environment = environment
        self.files = files
        self.routes = routes
    }
}

/// A route that a member may reach: under its gateway's address, which has this name for it.
public struct BoundRoute: Hashable, Sendable, Codable {
    /// `orders-db`
    public var name: String
    public var port: Int

    public init(name: String, port: Int) {
        self.name = name
        self.port = port
    }
}

/// A verb of a release that a member shall run: once for each id, until it succeeded.
public struct VerbOrder: Hashable, Sendable, Codable {
    public var id: VerbID
    public var member: MemberID
    /// `bind`, `unbind`: `/foundry/verbs/NAME`.
    public var verb: String
    /// Variables beside those that every verb has: `FOUNDRY_BINDING_USER`.
    public var environment: [String: String]
    /// The first line of its standard input.
    public var input: Secret?
    /// The data that it is to change; nil: the instance keeps none.
    public var place: BindingPlace?

    public init(
        id: VerbID, member: MemberID, verb: String, environment: [String: String], input: Secret?,
        place: BindingPlace? = nil
    ) {
        self.id = id
        self.member = member
        self.verb = verb
        self.environment = environment
        self.input = input
        self.place = place
    }
}

/// How a verb that is ordered went; what did not end yet is not told.
public struct VerbStatus: Hashable, Sendable, Codable {
    public enum Outcome: Hashable, Sendable, Codable {
        case done
        /// It is tried again as long as it is ordered.
        case failed(FoundryError)
    }

    public var id: VerbID
    public var outcome: Outcome
    /// As the order had it; nil: it had none, or the cell does not say.
    public var place: BindingPlace?

    public init(id: VerbID, outcome: Outcome, place: BindingPlace? = nil) {
        self.id = id
        self.outcome = outcome
        self.place = place
    }
}
