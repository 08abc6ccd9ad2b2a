/// What a release says of itself: its `release.yml`, read and checked, and which files lie beside it.
///
/// - Source: docs/reference/release.md; design 7.
public struct ReleaseManifest: Hashable, Sendable, Codable {
    public var name: AppName
    public var version: ReleaseVersion
    public var title: String
    public var description: String
    public var documentation: String?
    public var tags: [String]
    public var image: ReleaseImage
    /// Inside the member; the route leads to it.
    public var port: Int
    /// Where the disk is mounted; nil: a service without one.
    public var data: String?
    /// Each instance has a certificate of its own.
    public var tls: Bool
    /// Names; generated for each instance. Sorted.
    public var secrets: [String]
    /// Constants for templates and credentials.
    public var values: [String: String]
    public var health: ReleaseCheck
    public var readiness: ReleaseCheck?
    /// nil: its members know nothing of each other, and a plan has one.
    public var cluster: ReleaseCluster?
    /// In the order of the file; at least one.
    public var plans: [ReleasePlan]
    /// In the order of the file.
    public var parameters: [ReleaseParameter]
    public var binding: ReleaseBinding
    /// Names of the executables in `verbs/`, sorted.
    public var verbs: [String]
    /// Paths below `templates/`, sorted.
    public var templates: [ReleaseTemplate]

    public init(
        name: AppName, version: ReleaseVersion, title: String, description: String, documentation: String? = nil,
        tags: [String] = [], image: ReleaseImage, port: Int, data: String? = nil, tls: Bool = false,
        secrets: [String] = [], values: [String: String] = [:], health: ReleaseCheck, readiness: ReleaseCheck? = nil,
        cluster: ReleaseCluster? = nil, plans: [ReleasePlan], parameters: [ReleaseParameter] = [],
        binding: ReleaseBinding, verbs: [String] = [], templates: [ReleaseTemplate] = []
    ) {
        self.name = name
        self.version = version
        self.title = title
        self.description = description
        self.documentation = documentation
        self.tags = tags
        self.image = image
        self.port = port
        self.data = data
        self.tls = tls
        self.secrets = secrets
        self.values = values
        self.health = health
        self.readiness = readiness
        self.cluster = cluster
        self.plans = plans
        self.parameters = parameters
        self.binding = binding
        self.verbs = verbs
        self.templates = templates
    }

    public func plan(named name: String) -> ReleasePlan? { plans.first { $0.name.description == name } }
}

/// `15.1.0`: three numbers, compared as such.
public struct ReleaseVersion: CheckedText {
    public static let noun = "a version"

    public let description: String
    private let numbers: [Int]

    public init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in
            (1...6).contains(part.utf8.count) && part.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(part) : nil
        }
        guard parts.count == 3, numbers.count == 3, numbers.map(String.init).joined(separator: ".") == text else {
            return nil
        }
        self.numbers = numbers
        description = text
    }

    public static func < (left: Self, right: Self) -> Bool { left.numbers.lexicographicallyPrecedes(right.numbers) }
}

/// Where a release's image comes from.
public enum ReleaseImage: Hashable, Sendable, Codable {
    /// Lies on the machine already: bundled, imported or pulled.
    case local(String)
    /// Of a registry, by digest.
    case reference(String)
    /// A directory of the release, built on the spot from Debian packages.
    case packages(String)
    /// An OCI archive in the release.
    case archive(String)
}

/// How a release's members are asked how they do.
public struct ReleaseCheck: Hashable, Sendable, Codable {
    public enum Question: Hashable, Sendable, Codable {
        case verb(String)
        case engine(EngineProtocol)
        case port
        case process
    }

    public var asks: Question
    /// nil: the platform's own defaults.
    public var startPeriodMilliseconds: Int64?
    public var intervalMilliseconds: Int64?
    public var timeoutMilliseconds: Int64?

    public init(
        _ asks: Question, startPeriodMilliseconds: Int64? = nil, intervalMilliseconds: Int64? = nil,
        timeoutMilliseconds: Int64? = nil
    ) {
        self.asks = asks
        self.startPeriodMilliseconds = startPeriodMilliseconds
        self.intervalMilliseconds = intervalMilliseconds
        self.timeoutMilliseconds = timeoutMilliseconds
    }
}

/// Members that know each other.
public struct ReleaseCluster: Hashable, Sendable, Codable {
    public enum Start: String, Hashable, Sendable, Codable, CaseIterable {
        case together
        /// A member starts when the one before it is ready.
        case inOrder = "in-order"
    }

    public var start: Start

    public init(start: Start) { self.start = start }
}

public struct ReleasePlan: Hashable, Sendable, Codable {
    /// Lower-case letters, digits and hyphens.
    public var name: PlanName
    public var description: String
    public var members: Int
    public var memory: ByteCount
    public var cpu: Millicores
    /// nil: a service without a disk.
    public var disk: ByteCount?
    public var policy: ReleasePolicy
    /// Defaults of this plan, by parameter.
    public var parameters: [String: ParameterValue]

    public init(
        name: PlanName, description: String, members: Int = 1, memory: ByteCount, cpu: Millicores,
        disk: ByteCount? = nil, policy: ReleasePolicy = ReleasePolicy(), parameters: [String: ParameterValue] = [:]
    ) {
        self.name = name
        self.description = description
        self.members = members
        self.memory = memory
        self.cpu = cpu
        self.disk = disk
        self.policy = policy
        self.parameters = parameters
    }
}

/// The words of `foundry push`; nil: the platform's default.
public struct ReleasePolicy: Hashable, Sendable, Codable {
    public var restartPolicy: String?
    public var diskSync: String?
    public var ioPerformance: String?
    public var fence: String?
    public var whenLost: String?

    public init(
        restartPolicy: String? = nil, diskSync: String? = nil, ioPerformance: String? = nil, fence: String? = nil,
        whenLost: String? = nil
    ) {
        self.restartPolicy = restartPolicy
        self.diskSync = diskSync
        self.ioPerformance = ioPerformance
        self.fence = fence
        self.whenLost = whenLost
    }
}

/// Of a plan: 1 to 50 characters of `a-z 0-9 -`, beginning with a letter or a digit (`3-servers`).
public struct PlanName: CheckedText {
    public static let noun = "a plan's name"

    public let description: String

    public init?(_ text: String) {
        guard text.utf8.count <= 50, !text.contains("."), Identifier<PlanKind>(text) != nil, !text.hasSuffix("-") else {
            return nil
        }
        description = text
    }
}

/// What a binding gets.
public struct ReleaseBinding: Hashable, Sendable, Codable {
    public var parameters: [ReleaseParameter]
    /// Each binding has a user and a password of its own, made by `verbs/bind`.
    public var hasUsers: Bool
    /// Templates, by field.
    public var credentials: [String: String]

    public init(parameters: [ReleaseParameter] = [], hasUsers: Bool, credentials: [String: String]) {
        self.parameters = parameters
        self.hasUsers = hasUsers
        self.credentials = credentials
    }
}

public struct ReleaseTemplate: Hashable, Sendable, Codable {
    /// Below `templates/`.
    public var path: String
    public var isExecutable: Bool

    public init(path: String, isExecutable: Bool) {
        self.path = path
        self.isExecutable = isExecutable
    }
}
