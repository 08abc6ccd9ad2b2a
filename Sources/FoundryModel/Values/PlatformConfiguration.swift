/// What one installation is: written at its first `up` into `config.json` of its data directory.
public struct PlatformConfiguration: Hashable, Sendable, Codable {
    /// Six lower-case hexadecimal digits; part of every name of ours on the machine.
    public var instance: String
    public var apiPort: Int
    /// For cells and routers, mutual TLS.
    public var cellPort: Int
    /// The first three numbers of the members' /24: `10.77.3`.
    public var subnet: String
    public var routes: RouteConfiguration
    public var pool: PoolConfiguration
    /// OCI layout of the bundled images.
    public var bundledImages: String
    /// Where layers are unpacked, each once.
    public var layers: String
    /// Days that a deleted app's volume is kept.
    public var volumeGraceDays: Int
    /// Of one member's log: each of at most three files.
    public var logFileSize: ByteCount
    public var restart: RestartLimits
    /// Events, and ended jobs, that are kept; the oldest go first.
    public var eventsKept: Int
    public var jobsKept: Int
    /// Of the cells' sessions; nil on a platform of one machine: it holds none, and guards nothing.
    public var timing: SessionTiming?

    public init(
        instance: String, apiPort: Int, cellPort: Int, subnet: String, routes: RouteConfiguration,
        pool: PoolConfiguration,
        bundledImages: String, layers: String, volumeGraceDays: Int = 7, logFileSize: ByteCount = .megabytes(10),
        restart: RestartLimits = RestartLimits(), eventsKept: Int = 2_000, jobsKept: Int = 200,
        timing: SessionTiming? = nil
    ) {
        self.instance = instance
        self.apiPort = apiPort
        self.cellPort = cellPort
        self.subnet = subnet
        self.routes = routes
        self.pool = pool
        self.bundledImages = bundledImages
        self.layers = layers
        self.volumeGraceDays = volumeGraceDays
        self.logFileSize = logFileSize
        self.restart = restart
        self.eventsKept = eventsKept
        self.jobsKept = jobsKept
        self.timing = timing
    }
}

public struct RouteConfiguration: Hashable, Sendable, Codable {
    public var firstPort: Int
    public var lastPort: Int
    /// nil: no public routes.
    public var publicRange: PublicRouteRange?

    public init(firstPort: Int, lastPort: Int, publicRange: PublicRouteRange? = nil) {
        self.firstPort = firstPort
        self.lastPort = lastPort
        self.publicRange = publicRange
    }

    /// The ports of a scope; nil when it is not configured.
    public func ports(of scope: RouteScope) -> ClosedRange<Int>? {
        switch scope {
        case .loopback: firstPort...lastPort
        case .public: publicRange.map { $0.firstPort...$0.lastPort }
        }
    }
}

public struct PublicRouteRange: Hashable, Sendable, Codable {
    public var address: String
    public var firstPort: Int
    public var lastPort: Int

    public init(address: String, firstPort: Int, lastPort: Int) {
        self.address = address
        self.firstPort = firstPort
        self.lastPort = lastPort
    }
}

public enum PoolConfiguration: Hashable, Sendable, Codable {
    /// A file in the data directory, fully allocated.
    case file(size: ByteCount)
    /// A block device that is ours alone.
    case device(String)
    /// A directory on a btrfs that exists.
    case directory(String)
}

/// When a member that ends by itself is started again.
public struct RestartLimits: Hashable, Sendable, Codable {
    public var firstDelayMilliseconds: Int64
    public var longestDelayMilliseconds: Int64
    /// Ends in a row after which the member counts as crashed.
    public var endsUntilCrashed: Int
    /// Between tries of a crashed member.
    public var crashedDelayMilliseconds: Int64
    /// Healthy for this long: the count begins anew.
    public var settledMilliseconds: Int64

    public init(
        firstDelayMilliseconds: Int64 = 100, longestDelayMilliseconds: Int64 = 30_000, endsUntilCrashed: Int = 8,
        crashedDelayMilliseconds: Int64 = 300_000, settledMilliseconds: Int64 = 60_000
    ) {
        self.firstDelayMilliseconds = firstDelayMilliseconds
        self.longestDelayMilliseconds = longestDelayMilliseconds
        self.endsUntilCrashed = endsUntilCrashed
        self.crashedDelayMilliseconds = crashedDelayMilliseconds
        self.settledMilliseconds = settledMilliseconds
    }
}
