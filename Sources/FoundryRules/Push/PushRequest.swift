import FoundryModel

/// One application of a manifest, as its author wrote it: figures are still text. What is left out has its default in a new app, and stays as it is in
/// one that exists.
public struct PushRequest: Hashable, Sendable {
    /// nil: named for the image.
    public var name: String?
    public var image: String
    /// Members with a disk of their own each.
    public var instances: Int?
    public var disk: String?
    public var memory: String?
    public var cpu: String?
    public var environment: [String: String]
    /// Variables that the app shall not have.
    public var unset: Set<String>
    /// Of the route; nil: the lowest free one.
    public var port: Int?
    /// Inside the member; nil: the image's only port.
    public var targetPort: Int?
    public var mount: String?
    public var policy: PolicyRequest
    public var ephemeral: Bool
    /// nil: as it is; of a new app: not.
    public var isPublic: Bool?
    /// nil: as it is; of a new app: it has one, where its image names a port.
    public var noRoute: Bool?
    /// false: it is created stopped.
    public var start: Bool
    public var health: HealthRequest
    public var readiness: HealthRequest

    public init(
        name: String? = nil, image: String, instances: Int? = nil, disk: String? = nil, memory: String? = nil,
        cpu: String? = nil,
        environment: [String: String] = [:], unset: Set<String> = [], port: Int? = nil, targetPort: Int? = nil,
        mount: String? = nil,
        policy: PolicyRequest = PolicyRequest(), ephemeral: Bool = false, isPublic: Bool? = nil,
        noRoute: Bool? = nil,
        start: Bool = true,
        health: HealthRequest = HealthRequest(), readiness: HealthRequest = HealthRequest()
    ) {
        self.name = name
        self.image = image
        self.instances = instances
        self.disk = disk
        self.memory = memory
        self.cpu = cpu
        self.environment = environment
        self.unset = unset
        self.port = port
        self.targetPort = targetPort
        self.mount = mount
        self.policy = policy
        self.ephemeral = ephemeral
        self.isPublic = isPublic
        self.noRoute = noRoute
        self.start = start
        self.health = health
        self.readiness = readiness
    }
}

/// The words of its contract; nil: the default.
public struct PolicyRequest: Hashable, Sendable {
    public var restartPolicy: String?
    public var diskSync: String?
    public var ioPerformance: String?
    public var tolerates: String?
    public var fence: String?
    public var whenLost: String?

    public init(
        restartPolicy: String? = nil, diskSync: String? = nil, ioPerformance: String? = nil, tolerates: String? = nil,
        fence: String? = nil, whenLost: String? = nil
    ) {
        self.restartPolicy = restartPolicy
        self.diskSync = diskSync
        self.ioPerformance = ioPerformance
        self.tolerates = tolerates
        self.fence = fence
        self.whenLost = whenLost
    }
}
