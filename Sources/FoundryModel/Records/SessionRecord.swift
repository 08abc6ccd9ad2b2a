/// A cell's right to run guarded members, as the store has it; design 5.1, 5.2.
public struct SessionRecord: Hashable, Sendable, Codable {
    public var cell: CellID
    public var session: SessionID
    /// Grows with each renewal.
    public var sequence: UInt64
    /// The sequence that the last renewal named: the cell has it on its disk, so a disk that remembers less is of an earlier time.
    public var confirmed: UInt64
    public var state: SessionState
    public var incarnation: IncarnationID
    public var machineID: String
    public var bootID: String
    /// What the cell said with its last renewal.
    public var guards: GuardReport
    /// The machine may be paused from outside: a hypervisor was found, and nobody said `trust-pause`.
    public var isPausable: Bool

    public init(
        cell: CellID, session: SessionID, sequence: UInt64, confirmed: UInt64 = 0, state: SessionState,
        incarnation: IncarnationID, machineID: String, bootID: String, guards: GuardReport, isPausable: Bool
    ) {
        self.cell = cell
        self.session = session
        self.sequence = sequence
        self.confirmed = confirmed
        self.state = state
        self.incarnation = incarnation
        self.machineID = machineID
        self.bootID = bootID
        self.guards = guards
        self.isPausable = isPausable
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        cell = try container.decode(CellID.self, forKey: .cell)
        session = try container.decode(SessionID.self, forKey: .session)
        sequence = try container.decode(UInt64.self, forKey: .sequence)
        confirmed = try container.decodeIfPresent(UInt64.self, forKey: .confirmed) ?? 0
        state = try container.decode(SessionState.self, forKey: .state)
        incarnation = try container.decode(IncarnationID.self, forKey: .incarnation)
        machineID = try container.decode(String.self, forKey: .machineID)
        bootID = try container.decode(String.self, forKey: .bootID)
        guards = try container.decode(GuardReport.self, forKey: .guards)
        isPausable = try container.decode(Bool.self, forKey: .isPausable)
    }
}

public enum SessionState: Hashable, Sendable, Codable {
    case alive
    /// From then on no renewal of it can succeed.
    case expired(fence: FenceID)
}

/// What would stop the guarded members of a cell, by the cell's own word.
public struct GuardReport: Hashable, Sendable, Codable {
    public var armed: Set<GuardKind>
    /// Volumes whose holders are under the guards now, sorted by id.
    public var volumes: [GuardedVolume]

    public init(armed: Set<GuardKind> = [], volumes: [GuardedVolume] = []) {
        self.armed = armed
        self.volumes = volumes
    }

    public static let none = Self()
}

/// A volume whose holder is under its cell's guards.
public struct GuardedVolume: Hashable, Sendable, Codable {
    public var volume: VolumeID
    public var epoch: Epoch
    /// Of the orders by which the cell put it under them.
    public var ordersRevision: Int64

    public init(volume: VolumeID, epoch: Epoch, ordersRevision: Int64) {
        self.volume = volume
        self.epoch = epoch
        self.ordersRevision = ordersRevision
    }
}

/// What stops guarded members when a session can no longer be trusted; design 5.5.
public enum GuardKind: String, Hashable, Sendable, Codable, CaseIterable {
    /// nft elements that time out close the members' ports.
    case ports
    /// The sentinel freezes and kills.
    case sentinel
    /// The cell and a second watcher hold the sentinel's pidfd, and do the same if it dies.
    case watcher
    /// The hardware watchdog, fed by the sentinel.
    case watchdog
}
