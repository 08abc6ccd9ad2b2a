/// The one process of an app, type `web`. Its guid is the app's.
public struct ProcessAnswer: Hashable, Sendable, Codable {
    public var guid: String
    public var type: String
    public var command: String?
    public var instances: Int
    public var memoryInMb: Int64
    public var diskInMb: Int64
    public var healthCheck: Check
    public var readinessHealthCheck: Check
    public var createdAt: String
    public var updatedAt: String
    public var metadata: Metadata
    /// `app`
    public var relationships: [String: Relationship]
    public var links: [String: Link]

    public struct Check: Hashable, Sendable, Codable {
        /// `port`, `http`, `process`, `command` or `engine`
        public var type: String
        public var data: CheckData

        public init(type: String, data: CheckData) {
            self.type = type
            self.data = data
        }
    }

    public struct CheckData: Hashable, Sendable, Codable {
        /// Seconds.
        public var timeout: Int64?
        /// Seconds.
        public var invocationTimeout: Int64?
        /// Seconds.
        public var interval: Int64?
        /// Of type `http`: its path.
        public var endpoint: String?
        /// Of type `command`: the line that `/bin/sh` runs, or the words of the image's own.
        public var command: String?

        public init(
            timeout: Int64? = nil, invocationTimeout: Int64? = nil, interval: Int64? = nil, endpoint: String? = nil,
            command: String? = nil
        ) {
            self.endpoint = endpoint
            self.command = command
            self.timeout = timeout
            self.invocationTimeout = invocationTimeout
            self.interval = interval
        }
    }

    public init(
        guid: String, instances: Int, memoryInMb: Int64, diskInMb: Int64, healthCheck: Check,
        readinessHealthCheck: Check,
        createdAt: String, updatedAt: String, app: String,
        links: [String: Link]
    ) {
        self.guid = guid
        type = "web"
        self.instances = instances
        self.memoryInMb = memoryInMb
        self.diskInMb = diskInMb
        self.healthCheck = healthCheck
        self.readinessHealthCheck = readinessHealthCheck
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        metadata = Metadata()
        relationships = ["app": Relationship(guid: app)]
        self.links = links
    }
}

/// `GET /v3/processes/:guid/stats`: one entry for each member.
public struct ProcessStatsAnswer: Hashable, Sendable, Codable {
    public var resources: [Entry]

    public init(resources: [Entry]) { self.resources = resources }

    public struct Entry: Hashable, Sendable, Codable {
        public var type: String
        public var index: Int
        /// `RUNNING`, `STARTING`, `CRASHED` or `DOWN`
        public var state: String
        /// Seconds that the process has run.
        public var uptime: Int64
        /// Left out when it is not known.
        public var usage: Usage?
        /// Bytes.
        public var memQuota: Int64
        /// Bytes; 0 without a volume.
        public var diskQuota: Int64
        public var host: String
        public var details: String?
        public var isolationSegment: String?

        public init(
            index: Int, state: String, uptime: Int64, usage: Usage?, memQuota: Int64, diskQuota: Int64, host: String,
            details: String?
        ) {
            type = "web"
            self.index = index
            self.state = state
            self.uptime = uptime
            self.usage = usage
            self.memQuota = memQuota
            self.diskQuota = diskQuota
            self.host = host
            self.details = details
        }
    }

    public struct Usage: Hashable, Sendable, Codable {
        public var time: String
        /// A share of one core: 1 is the whole of it.
        public var cpu: Double?
        /// Bytes.
        public var mem: Int64?
        /// Bytes.
        public var disk: Int64?

        public init(time: String, cpu: Double?, mem: Int64?, disk: Int64?) {
            self.time = time
            self.cpu = cpu
            self.mem = mem
            self.disk = disk
        }
    }
}
