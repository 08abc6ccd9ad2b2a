/// What a member uses: one of `GET /foundry/v1/usage`. What was not measured within the last minute is nil; counts begin with its container.
public struct MemberUsageSummary: Hashable, Sendable, Codable {
    public var guid: String
    /// `demo/0`
    public var name: String
    /// The app's guid.
    public var app: String
    public var cell: String
    /// As in `MemberSummary`.
    public var phase: String
    public var restarts: Int
    public var measuredAt: WireTime?
    /// Thousandths of a processor, between the last two measurements.
    public var cpuMillicores: Int64?
    public var cpuMicroseconds: Int64?
    /// For which its limit of processor time held it back.
    public var throttledMicroseconds: Int64?
    /// Bytes, without the part of the page cache that the kernel can take back at once.
    public var memory: Int64?
    /// That part.
    public var memoryCache: Int64?
    public var memoryLimit: Int64?
    /// Processes of it that the kernel killed for want of memory.
    public var memoryKills: Int64?
    /// Bytes of its volume's file system.
    public var diskUsed: Int64?
    /// What the file system can hold.
    public var diskSize: Int64?
    /// Syncs that reached its volume's device.
    public var flushes: Int64?
    public var flushesPerSecond: Double?
    public var readBytesPerSecond: Double?
    public var writtenBytesPerSecond: Double?
    /// Milliseconds of writes that a power cut would take now; nil where the platform defers no syncs.
    public var exposureMilliseconds: Int64?
    /// Open through its route.
    public var connections: Int64?

    public init(
        guid: String, name: String, app: String, cell: String, phase: String, restarts: Int,
        measuredAt: WireTime? = nil, cpuMillicores: Int64? = nil, cpuMicroseconds: Int64? = nil,
        throttledMicroseconds: Int64? = nil, memory: Int64? = nil, memoryCache: Int64? = nil,
        memoryLimit: Int64? = nil, memoryKills: Int64? = nil, diskUsed: Int64? = nil, diskSize: Int64? = nil,
        flushes: Int64? = nil, flushesPerSecond: Double? = nil, readBytesPerSecond: Double? = nil,
        writtenBytesPerSecond: Double? = nil, exposureMilliseconds: Int64? = nil, connections: Int64? = nil
    ) {
        self.guid = guid
        self.name = name
        self.app = app
        self.cell = cell
        self.phase = phase
        self.restarts = restarts
        self.measuredAt = measuredAt
        self.cpuMillicores = cpuMillicores
        self.cpuMicroseconds = cpuMicroseconds
        self.throttledMicroseconds = throttledMicroseconds
        self.memory = memory
        self.memoryCache = memoryCache
        self.memoryLimit = memoryLimit
        self.memoryKills = memoryKills
        self.diskUsed = diskUsed
        self.diskSize = diskSize
        self.flushes = flushes
        self.flushesPerSecond = flushesPerSecond
        self.readBytesPerSecond = readBytesPerSecond
        self.writtenBytesPerSecond = writtenBytesPerSecond
        self.exposureMilliseconds = exposureMilliseconds
        self.connections = connections
    }
}
