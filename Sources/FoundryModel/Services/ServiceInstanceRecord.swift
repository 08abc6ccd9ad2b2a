/// A service that a user asked for. What runs is a workload of the same name, which belongs to it.
public struct ServiceInstanceRecord: Hashable, Sendable, Codable {
    public var id: ServiceInstanceID
    /// Unique among apps and instances.
    public var name: AppName
    public var workload: AppID
    public var offering: OfferingID
    public var release: ReleaseID
    public var plan: PlanID
    /// As users gave them; defaults are the plan's and the release's.
    public var parameters: [String: ParameterValue]
    /// What was asked for beside the plan: its words win.
    public var wishes: ServiceWishes
    public var secrets: ServiceSecrets
    /// Its members were ready once: nothing of it ever begins anew on an empty disk by itself.
    public var isFounded: Bool
    public var operation: ServiceOperation
    /// Where the request came from: `cli`, `cloudfoundry`, a platform of a broker's request.
    public var origin: ServiceOrigin
    public var labels: [String: String]
    public var annotations: [String: String]
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    public init(
        id: ServiceInstanceID, name: AppName, workload: AppID, offering: OfferingID, release: ReleaseID, plan: PlanID,
        parameters: [String: ParameterValue] = [:], wishes: ServiceWishes = ServiceWishes(), secrets: ServiceSecrets,
        isFounded: Bool = false, operation: ServiceOperation, origin: ServiceOrigin,
        labels: [String: String] = [:], annotations: [String: String] = [:], createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.name = name
        self.workload = workload
        self.offering = offering
        self.release = release
        self.plan = plan
        self.parameters = parameters
        self.wishes = wishes
        self.secrets = secrets
        self.isFounded = isFounded
        self.operation = operation
        self.origin = origin
        self.labels = labels
        self.annotations = annotations
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

/// What a request said over its plan, in the words of `foundry push`; nil: as the plan has it.
public struct ServiceWishes: Hashable, Sendable, Codable {
    public var policy: ReleasePolicy
    public var memory: String?
    public var disk: String?

    public init(policy: ReleasePolicy = ReleasePolicy(), memory: String? = nil, disk: String? = nil) {
        self.policy = policy
        self.memory = memory
        self.disk = disk
    }
}

/// What an instance keeps to itself.
public struct ServiceSecrets: Hashable, Sendable, Codable {
    /// By the names of the release.
    public var named: [String: Secret]
    public var tls: ServiceCertificate?

    public init(named: [String: Secret] = [:], tls: ServiceCertificate? = nil) {
        self.named = named
        self.tls = tls
    }
}

/// PEM.
public struct ServiceCertificate: Hashable, Sendable, Codable {
    public var authority: String
    public var certificate: String
    /// PKCS#8.
    public var key: Secret
    public var expiresAt: Timestamp

    public init(authority: String, certificate: String, key: Secret, expiresAt: Timestamp) {
        self.authority = authority
        self.certificate = certificate
        self.key = key
        self.expiresAt = expiresAt
    }
}

/// Who asked, and as what it is known there.
public struct ServiceOrigin: Hashable, Sendable, Codable {
    /// By the token, or the broker's credential, of that name.
    public var by: String
    /// It came through the broker.
    public var isBroker: Bool
    /// What a broker's request said of its context that people want to see: `platform`, `instance_name`, `space_name`, ...
    public var context: [String: String]

    public init(by: String, isBroker: Bool = false, context: [String: String] = [:]) {
        self.by = by
        self.isBroker = isBroker
        self.context = context
    }
}

/// The last thing that was asked of an instance, and how far it is.
public struct ServiceOperation: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, Codable {
        case create
        case update
        case delete
    }

    public enum State: Hashable, Sendable, Codable {
        case inProgress
        case succeeded
        case failed(FoundryError)
    }

    public var kind: Kind
    public var state: State
    /// That tells when it is done.
    public var job: JobID
    /// What it was before an update: there it is again when that fails.
    public var before: ServiceBefore?
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    public init(
        kind: Kind, state: State = .inProgress, job: JobID, before: ServiceBefore? = nil, createdAt: Timestamp,
        updatedAt: Timestamp
    ) {
        self.kind = kind
        self.state = state
        self.job = job
        self.before = before
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

public struct ServiceBefore: Hashable, Sendable, Codable {
    public var release: ReleaseID
    public var plan: PlanID
    public var parameters: [String: ParameterValue]
    public var wishes: ServiceWishes

    public init(release: ReleaseID, plan: PlanID, parameters: [String: ParameterValue], wishes: ServiceWishes) {
        self.release = release
        self.plan = plan
        self.parameters = parameters
        self.wishes = wishes
    }
}
