/// An app with all that is its own: one of `GET /foundry/v1/apps`, or `GET /foundry/v1/apps/:guid`.
public struct AppSummary: Hashable, Sendable, Codable {
    public var guid: String
    public var name: String
    /// What its user wants: `started`, `stopped`, `deleted`.
    public var desired: String
    /// What is, in one word: `running`, `starting`, `stopping`, `stopped`, `unhealthy`, `unready`, `waiting`, `crashed`, `refused`, `deleting`, `lost`.
    public var state: String
    public var image: ImageName
    /// Members that it shall have.
    public var instances: Int
    /// Bytes, of each.
    public var memory: Int64
    public var cpuMillicores: Int
    /// Bytes, of each; nil without a volume.
    public var disk: Int64?
    public var mounts: [String]
    /// Paths that live in memory and end with the container.
    public var ephemeralPaths: [String]
    /// The names of its variables. Their values are not told: they may be secret.
    public var environmentNames: [String]
    public var restartPolicy: String
    public var policy: PolicySummary
    public var generation: Int
    public var createdAt: WireTime
    public var updatedAt: WireTime
    public var route: RouteSummary?
    public var members: [MemberSummary]
    /// What is checked of its members, in words.
    public var checks: [String]
    /// What a change is at that goes through its members, in words; nil: there is none.
    public var change: String?

    public init(
        guid: String, name: String, desired: String, state: String, image: ImageName, instances: Int = 1,
        memory: Int64, cpuMillicores: Int, disk: Int64?, mounts: [String], ephemeralPaths: [String],
        environmentNames: [String], restartPolicy: String, policy: PolicySummary, generation: Int,
        createdAt: WireTime, updatedAt: WireTime, route: RouteSummary?, members: [MemberSummary],
        checks: [String] = [], change: String? = nil
    ) {
        self.guid = guid
        self.name = name
        self.desired = desired
        self.state = state
        self.image = image
        self.instances = instances
        self.memory = memory
        self.cpuMillicores = cpuMillicores
        self.disk = disk
        self.mounts = mounts
        self.ephemeralPaths = ephemeralPaths
        self.environmentNames = environmentNames
        self.restartPolicy = restartPolicy
        self.policy = policy
        self.generation = generation
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.route = route
        self.members = members
        self.checks = checks
        self.change = change
    }

    /// Of its members.
    public var volumes: [VolumeSummary] { members.compactMap(\.volume) }
}

/// An image as an app uses it.
public struct ImageName: Hashable, Sendable, Codable {
    /// As the user wrote it: `redis/redis`
    public var reference: String
    /// What it was resolved to: `redis:7`, or a full reference.
    public var name: String
    /// `bundled` or `registry`
    public var source: String
    /// Of the manifest: `sha256:...`
    public var digest: String

    public init(reference: String, name: String, source: String, digest: String) {
        self.reference = reference
        self.name = name
        self.source = source
        self.digest = digest
    }
}

/// Where an app is reached.
public struct RouteSummary: Hashable, Sendable, Codable {
    /// nil in a plan.
    public var guid: String?
    /// `loopback` or `public`
    public var scope: String
    public var host: String
    public var port: Int
    /// Inside the member.
    public var targetPort: Int
    /// The router says that it leads to a member now.
    public var isServing: Bool

    public init(guid: String?, scope: String, host: String, port: Int, targetPort: Int, isServing: Bool) {
        self.guid = guid
        self.scope = scope
        self.host = host
        self.port = port
        self.targetPort = targetPort
        self.isServing = isServing
    }

    public var address: String { "\(host):\(port)" }
}
