/// What the members of a cell use at one moment, measured: whole, kept in memory by the server, and never stored.
public struct CellUsage: Hashable, Sendable, Codable {
    /// More than a cell has addresses for.
    public static let mostMembers = 1024

    public var cell: CellID
    /// Those whose processes run, sorted by id.
    public var members: [MemberUsage]

    public init(cell: CellID, members: [MemberUsage]) {
        self.cell = cell
        self.members = members
    }
}

/// What one member uses. Counts begin with its container; what the kernel does not say is nil.
public struct MemberUsage: Hashable, Sendable, Codable {
    public var id: MemberID
    /// Of processor time.
    public var cpuMicroseconds: Int64?
    /// For which it was ready to run and held back by its limit of processor time.
    public var throttledMicroseconds: Int64?
    /// Without the part of the page cache that the kernel can take back at once.
    public var memory: ByteCount?
    /// That part of the page cache.
    public var cache: ByteCount?
    public var memoryLimit: ByteCount?
    /// Processes of it that the kernel killed for want of memory.
    public var memoryKills: Int64?
    /// nil without a volume.
    public var volume: VolumeUsage?
    /// Of writes that a power cut would take now; nil where the platform defers no syncs.
    public var exposureMilliseconds: Int64?

    public init(
        id: MemberID, cpuMicroseconds: Int64? = nil, throttledMicroseconds: Int64? = nil, memory: ByteCount? = nil,
        cache: ByteCount? = nil, memoryLimit: ByteCount? = nil, memoryKills: Int64? = nil, volume: VolumeUsage? = nil,
        exposureMilliseconds: Int64? = nil
    ) {
        self.id = id
        self.cpuMicroseconds = cpuMicroseconds
        self.throttledMicroseconds = throttledMicroseconds
        self.memory = memory
        self.cache = cache
        self.memoryLimit = memoryLimit
        self.memoryKills = memoryKills
        self.volume = volume
        self.exposureMilliseconds = exposureMilliseconds
    }
}

/// How full a mounted volume is, and what its device did.
public struct VolumeUsage: Hashable, Sendable, Codable {
    public var id: VolumeID
    public var used: ByteCount
    /// What it can hold: less than the size of its device, by what its file system takes for itself.
    public var size: ByteCount
    /// nil when the kernel does not say.
    public var device: DeviceUsage?

    public init(id: VolumeID, used: ByteCount, size: ByteCount, device: DeviceUsage?) {
        self.id = id
        self.used = used
        self.size = size
        self.device = device
    }
}

/// What the block device of a volume did since that was mounted, or since the cell's process began.
public struct DeviceUsage: Hashable, Sendable, Codable {
    public var reads: Int64
    public var readBytes: ByteCount
    public var writes: Int64
    public var writtenBytes: ByteCount
    /// Syncs of its file system that reached the device.
    public var flushes: Int64
    /// During which it had something to do.
    public var busyMilliseconds: Int64

    public init(
        reads: Int64, readBytes: ByteCount, writes: Int64, writtenBytes: ByteCount, flushes: Int64,
        busyMilliseconds: Int64
    ) {
        self.reads = reads
        self.readBytes = readBytes
        self.writes = writes
        self.writtenBytes = writtenBytes
        self.flushes = flushes
        self.busyMilliseconds = busyMilliseconds
    }
}

/// What goes through the routes at one moment, as `CellUsage`: in memory, never stored.
public struct RouterUsage: Hashable, Sendable, Codable {
    /// More than there are ports.
    public static let mostRoutes = 65_536

    /// Sorted by scope and port, then by member.
    public var routes: [RouteUsage]

    public init(routes: [RouteUsage]) { self.routes = routes }
}

/// What went through one route to one member since the router led it there.
public struct RouteUsage: Hashable, Sendable, Codable {
    public var scope: RouteScope
    public var port: Int
    public var member: MemberID
    /// Open now.
    public var connections: Int64
    public var totalConnections: Int64
    /// From clients to the member, of connections that have ended.
    public var received: ByteCount
    /// From the member to clients, of connections that have ended.
    public var sent: ByteCount

    public init(
        scope: RouteScope, port: Int, member: MemberID, connections: Int64, totalConnections: Int64,
        received: ByteCount, sent: ByteCount
    ) {
        self.scope = scope
        self.port = port
        self.member = member
        self.connections = connections
        self.totalConnections = totalConnections
        self.received = received
        self.sent = sent
    }
}

/// The server's answer to a measurement.
public struct UsageReceipt: Hashable, Sendable, Codable {
    /// Until the next one is wanted: soon while somebody looks, seldom otherwise.
    public var nextMilliseconds: Int64

    public init(nextMilliseconds: Int64) { self.nextMilliseconds = nextMilliseconds }
}
