/// A member as its cell reported it last.
public struct MemberSummary: Hashable, Sendable, Codable {
    public var guid: String
    /// `demo/0`
    public var name: String
    public var index: Int
    public var cell: String
    /// `preparing`, `starting`, `healthy`, `unhealthy`, `unready`, `stopping`, `stopped`, `waiting`, `crashed`, `refused`; `placed`: its cell has not
    /// spoken of it yet.
    public var phase: String
    /// Of this phase.
    public var since: WireTime?
    public var restarts: Int
    /// Why it is not healthy, when there is something to say.
    public var reason: String?
    /// When it is started again, when it waits or crashed.
    public var nextTry: WireTime?
    /// Why it must not be started.
    public var refusal: ErrorExtension?
    public var lastExit: MemberExitSummary?
    /// On the members' network of its cell.
    public var address: String?
    /// When its process began.
    public var startedAt: WireTime?
    public var pid: Int32?
    /// nil without a disk.
    public var volume: VolumeSummary?
    /// Of a member of a service, as its release says it: `primary`, `replica`, `leader`, `follower`.
    public var role: String?

    public init(
        guid: String, name: String, index: Int, cell: String, phase: String, since: WireTime?, restarts: Int,
        reason: String?,
        nextTry: WireTime?, refusal: ErrorExtension?, lastExit: MemberExitSummary?, address: String?,
        startedAt: WireTime?, pid: Int32?, volume: VolumeSummary? = nil, role: String? = nil
    ) {
        self.guid = guid
        self.name = name
        self.index = index
        self.cell = cell
        self.phase = phase
        self.since = since
        self.restarts = restarts
        self.reason = reason
        self.nextTry = nextTry
        self.refusal = refusal
        self.lastExit = lastExit
        self.address = address
        self.startedAt = startedAt
        self.pid = pid
        self.volume = volume
        self.role = role
    }
}

/// How a member's last process ended.
public struct MemberExitSummary: Hashable, Sendable, Codable {
    public var time: WireTime
    /// "exited with status 1"
    public var reason: String
    public var status: Int32?
    /// The last lines it logged, oldest first.
    public var lastLines: [String]

    public init(time: WireTime, reason: String, status: Int32?, lastLines: [String]) {
        self.time = time
        self.reason = reason
        self.status = status
        self.lastLines = lastLines
    }
}
