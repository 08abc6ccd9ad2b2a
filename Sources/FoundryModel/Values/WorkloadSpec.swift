/// What a workload asks of the platform: members of one image with one policy.
public struct WorkloadSpec: Hashable, Sendable, Codable {
    public var image: ResolvedImage
    /// Members that know nothing of each other, each with a volume of its own; 1 where replicas follow a primary.
    public var instances: Int
    public var memory: ByteCount
    public var cpu: Millicores
    /// nil: no volume.
    public var disk: DiskSpec?
    /// VOLUME paths of the image that live in memory and end with the container (`--ephemeral`).
    public var ephemeralPaths: [String]
    public var environment: [String: String]
    /// The port inside the member that the route leads to; nil: no route.
    public var targetPort: Int?
    public var restartPolicy: RestartPolicy
    /// Decides whether a member is restarted.
    public var health: HealthCheck
    /// Decides whether the route leads to a member; nil: it leads to every one that runs.
    public var readiness: HealthCheck?
    public var recovery: RecoverySpec
    /// nil: an app's, which a user pushed.
    public var service: ServiceSpec?

    public init(
        image: ResolvedImage, instances: Int = 1, memory: ByteCount, cpu: Millicores, disk: DiskSpec?,
        ephemeralPaths: [String], environment: [String: String], targetPort: Int?, restartPolicy: RestartPolicy,
        health: HealthCheck, readiness: HealthCheck? = nil, recovery: RecoverySpec = RecoverySpec(),
        service: ServiceSpec? = nil
    ) {
        self.image = image
        self.instances = instances
        self.memory = memory
        self.cpu = cpu
        self.disk = disk
        self.ephemeralPaths = ephemeralPaths
        self.environment = environment
        self.targetPort = targetPort
        self.restartPolicy = restartPolicy
        self.health = health
        self.readiness = readiness
        self.recovery = recovery
        self.service = service
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        image = try container.decode(ResolvedImage.self, forKey: .image)
        instances = try container.decodeIfPresent(Int.self, forKey: .instances) ?? 1
        memory = try container.decode(ByteCount.self, forKey: .memory)
        cpu = try container.decode(Millicores.self, forKey: .cpu)
        disk = try container.decodeIfPresent(DiskSpec.self, forKey: .disk)
        ephemeralPaths = try container.decode([String].self, forKey: .ephemeralPaths)
        environment = try container.decode([String: String].self, forKey: .environment)
        targetPort = try container.decodeIfPresent(Int.self, forKey: .targetPort)
        restartPolicy = try container.decode(RestartPolicy.self, forKey: .restartPolicy)
        health = try container.decode(HealthCheck.self, forKey: .health)
        readiness = try container.decodeIfPresent(HealthCheck.self, forKey: .readiness)
        recovery = try container.decodeIfPresent(RecoverySpec.self, forKey: .recovery) ?? RecoverySpec()
        service = try container.decodeIfPresent(ServiceSpec.self, forKey: .service)
    }
}

extension WorkloadSpec {
    /// All that it shall have, replicas too.
    public var members: Int { instances + recovery.replicas }
}

/// One volume, and where the member sees it.
public struct DiskSpec: Hashable, Sendable, Codable {
    public var size: ByteCount
    public var mounts: [VolumeMount]
    public var sync: DiskSync
    public var io: IOClass
    /// Sorted; said by the user, or by the image.
    public var tolerates: [Tolerance]

    public init(
        size: ByteCount, mounts: [VolumeMount], sync: DiskSync = .normal, io: IOClass = .max,
        tolerates: [Tolerance] = []
    ) {
        self.size = size
        self.mounts = mounts
        self.sync = sync
        self.io = io
        self.tolerates = tolerates
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        size = try container.decode(ByteCount.self, forKey: .size)
        mounts = try container.decode([VolumeMount].self, forKey: .mounts)
        sync = try container.decodeIfPresent(DiskSync.self, forKey: .sync) ?? .normal
        io = try container.decodeIfPresent(IOClass.self, forKey: .io) ?? .max
        tolerates = try container.decodeIfPresent([Tolerance].self, forKey: .tolerates) ?? []
    }
}

public struct VolumeMount: Hashable, Sendable, Codable {
    /// Below the volume's data directory; empty when the whole of it is mounted.
    public var directory: String
    /// Absolute, inside the member.
    public var path: String

    public init(directory: String, path: String) {
        self.directory = directory
        self.path = path
    }
}

/// What a replacement may do without evidence; design 4.
public enum RestartPolicy: String, Hashable, Sendable, Codable, CaseIterable {
    case consistent
    case available
}
