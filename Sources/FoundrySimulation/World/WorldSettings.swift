import FoundryModel

/// What a world is made of.
public struct WorldSettings: Sendable {
    public var seed: UInt64
    public var servers = 3
    public var cells = 8
    public var routers = 2
    public var workloads = 40
    /// Of all workloads; nil: of each kind some.
    public var kind: WorkloadKind?
    public var clientsPerWorkload = 1
    /// Service instances that people have at a time; with them all engines are probed for whether their writes reach the disk.
    public var services = 0
    public var zones = 3
    /// nil: no sessions are held.
    public var timing: SessionTiming? = .normal
    /// Between two requests of one client.
    var think = SimulationDuration.milliseconds(250)
    /// Of each cell.
    var capacity = CellCapacity(memory: .gigabytes(64), cpu: Millicores(64_000), disk: .gigabytes(400))
    /// Clocks are off by up to so much.
    var drift: Int64 = 10_000

    public init(seed: UInt64) { self.seed = seed }

    /// Of routes: an instance that goes keeps its own until its workload is gone.
    var ports: Int { workloads + services * 3 }
}

/// When an engine's writes are on the disk.
enum SyncPolicy: Hashable, Sendable {
    /// Before each is acknowledged.
    case each
    /// So long after it was acknowledged.
    case every(SimulationDuration)
}

/// One application of the world, and how its program behaves.
struct Workload {
    let index: Int
    let id: AppID
    let name: AppName
    let spec: WorkloadSpec
    let sync: SyncPolicy
    let isAvailable: Bool
    /// Its members know nothing of each other: what is acknowledged by one must be there in that one.
    var isIndependent: Bool { spec.instances > 1 }
    /// Writes that its clients have numbered so far.
    var numbers: Int64 = 0
}

/// What is promised to a workload, in all combinations that lead to rules of their own.
public enum WorkloadKind: String, Hashable, CaseIterable, Sendable {
    case single
    case replicated
    case twiceReplicated = "twice-replicated"
    case asynchronous
    case asynchronousAvailable = "asynchronous-available"
    case deferred
    case stateless
    case fencedByPower = "fenced-by-power"
    case fencedByPerson = "fenced-by-person"
    case available
    case independent
}

extension Workload {
    /// - Parameter kind: nil: every kind that there is, one after the other.
    /// - Parameter isProbed: whether its image says how its writes are probed.
    init(index: Int, kind: WorkloadKind? = nil, isProbed: Bool = false) {
        let recovery: RecoverySpec
        var disk: DiskSpec? = DiskSpec(size: .gigabytes(1), mounts: [VolumeMount(directory: "", path: "/data")])
        var policy = RestartPolicy.consistent
        var sync = SyncPolicy.each
        var instances = 1
        switch kind ?? WorkloadKind.allCases[index % WorkloadKind.allCases.count] {
        case .single: recovery = RecoverySpec()
        case .replicated: recovery = RecoverySpec(replicas: 1)
        case .twiceReplicated: recovery = RecoverySpec(replicas: 2)
        case .asynchronous: recovery = RecoverySpec(replicas: 1, replication: .asynchronous)
        case .asynchronousAvailable:
            recovery = RecoverySpec(replicas: 1, replication: .asynchronous)
            policy = .available
        case .deferred:
            recovery = RecoverySpec(whenLost: .empty)
            policy = .available
            sync = .every(.milliseconds(200))
        case .stateless:
            recovery = RecoverySpec()
            disk = nil
        case .fencedByPower: recovery = RecoverySpec(fence: .power, replicas: 1)
        case .fencedByPerson: recovery = RecoverySpec(fence: .person, replicas: 1)
        case .available:
            recovery = RecoverySpec(replicas: 1)
            policy = .available
        case .independent:
            recovery = RecoverySpec()
            instances = 3
        }
        guard let id = AppID("a\(index)"), let name = AppName("app-\(index)") else {
            preconditionFailure("short names have their shape")
        }
        self.init(
            index: index, id: id, name: name,
            spec: WorkloadSpec(
                image: isProbed ? Self.probedImage : Self.image, instances: instances, memory: .megabytes(256),
                cpu: Millicores(250), disk: disk,
                ephemeralPaths: [],
                environment: [:], targetPort: 5_432, restartPolicy: policy, health: HealthCheck(port: 5_432),
                recovery: recovery),
            sync: sync, isAvailable: policy == .available)
    }

    /// What runs for a service instance.
    init(index: Int, _ app: AppRecord) {
        self.init(
            index: index, id: app.id, name: app.name, spec: app.spec, sync: .each,
            isAvailable: app.spec.restartPolicy == .available)
    }

    private static let image = image(environment: [])
    static let probedImage = image(environment: ["FOUNDRY_WRITE_PROBE=touch", "FOUNDRY_WRITE_PROBE_INTERVAL_MS=3000"])

    private static func image(environment: [String]) -> ResolvedImage {
        guard let reference = ImageReference(parsing: "database") else { preconditionFailure("a name is a reference") }
        return ResolvedImage(
            reference: reference, name: "database:1", source: .bundled, manifestDigest: "sha256:d1", layers: [],
            configuration: ImageConfiguration(
                entrypoint: ["/bin/db"], environment: environment, volumes: ["/data"], ports: [5_432]))
    }
}
