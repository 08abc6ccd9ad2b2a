/// What `apply_manifest` and `plan` are sent as JSON: Cloud Foundry's manifest with our keys added at the same level.
///
/// A client that has a manifest file sends the file itself, as YAML. The server reads both with one strict reader; this type is for clients
/// that make the body from flags. Nothing that is nil is sent.
public struct ManifestBody: Hashable, Sendable, Encodable {
    public var applications: [ManifestApplication]

    public init(applications: [ManifestApplication]) { self.applications = applications }
}

public struct ManifestApplication: Hashable, Sendable, Encodable {
    public var name: String?
    public var image: String
    public var instances: Int?
    /// A number means megabytes; or with a unit: `2G`.
    public var disk: String?
    public var memory: String?
    /// Cores, `0.5`, or millicores, `250m`.
    public var cpu: String?
    /// nil as a value: the app shall not have it.
    public var env: [String: String?]?
    /// Of the route.
    public var port: Int?
    /// Inside the member.
    public var targetPort: Int?
    /// Where the member sees its volume.
    public var mount: String?
    public var restartPolicy: String?
    /// `immediate`, `normal`, `defer`, `defer:MS`.
    public var diskSync: String?
    /// `low`, `medium`, `high`, `max`.
    public var ioPerformance: String?
    /// `reorder`
    public var tolerates: String?
    /// `session`, `power`, `person`.
    public var fence: String?
    /// `wait`, `empty`.
    public var whenLost: String?
    public var ephemeral: Bool?
    /// The route listens on the public address.
    public var isPublic: Bool?
    public var noRoute: Bool?
    /// False: it is made, and not started.
    public var start: Bool?
    public var healthCheck: ManifestHealthCheck?
    public var readinessHealthCheck: ManifestHealthCheck?

    public init(
        name: String? = nil, image: String, instances: Int? = nil, disk: String? = nil, memory: String? = nil,
        cpu: String? = nil,
        env: [String: String?]? = nil,
        port: Int? = nil, targetPort: Int? = nil, mount: String? = nil, restartPolicy: String? = nil,
        diskSync: String? = nil, ioPerformance: String? = nil, tolerates: String? = nil, fence: String? = nil,
        whenLost: String? = nil, ephemeral: Bool? = nil,
        isPublic: Bool? = nil, noRoute: Bool? = nil, start: Bool? = nil, healthCheck: ManifestHealthCheck? = nil,
        readinessHealthCheck: ManifestHealthCheck? = nil
    ) {
        self.name = name
        self.image = image
        self.instances = instances
        self.disk = disk
        self.memory = memory
        self.cpu = cpu
        self.env = env
        self.port = port
        self.targetPort = targetPort
        self.mount = mount
        self.restartPolicy = restartPolicy
        self.diskSync = diskSync
        self.ioPerformance = ioPerformance
        self.tolerates = tolerates
        self.fence = fence
        self.whenLost = whenLost
        self.ephemeral = ephemeral
        self.isPublic = isPublic
        self.noRoute = noRoute
        self.start = start
        self.healthCheck = healthCheck
        self.readinessHealthCheck = readinessHealthCheck
    }

    enum CodingKeys: String, CodingKey {
        case name, image, instances, disk, memory, cpu, env, port
        case targetPort = "target-port"
        case mount
        case restartPolicy = "restart-policy"
        case diskSync = "disk-sync"
        case ioPerformance = "io-performance"
        case tolerates, fence
        case whenLost = "when-lost"
        case ephemeral
        case isPublic = "public"
        case noRoute = "no-route"
        case start
        case healthCheck = "health-check"
        case readinessHealthCheck = "readiness-health-check"
    }
}

/// What is said of one check. Times are `500ms`, `2s`, `1m`; a bare number means seconds.
public struct ManifestHealthCheck: Hashable, Sendable, Encodable {
    /// `port`, `http`, `process`, `command` or `engine`
    public var type: String?
    public var httpEndpoint: String?
    public var command: String?
    public var startPeriod: String?
    public var interval: String?
    public var timeout: String?

    public init(
        type: String? = nil, httpEndpoint: String? = nil, command: String? = nil, startPeriod: String? = nil,
        interval: String? = nil, timeout: String? = nil
    ) {
        self.type = type
        self.httpEndpoint = httpEndpoint
        self.command = command
        self.startPeriod = startPeriod
        self.interval = interval
        self.timeout = timeout
    }

    enum CodingKeys: String, CodingKey {
        case type
        case httpEndpoint = "http-endpoint"
        case command
        case startPeriod = "start-period"
        case interval, timeout
    }
}
