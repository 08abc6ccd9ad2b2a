/// The record that a cell was cut off, or shall be; design 5.7. A session proves life; only a fence proves death.
public struct FenceRecord: Hashable, Sendable, Codable {
    public var id: FenceID
    public var cell: CellID
    /// Of the cell that is meant: what a later one says is no evidence for it.
    public var incarnation: IncarnationID
    public var cause: FenceCause
    public var state: FenceState
    public var createdAt: Timestamp
    /// `controller`, `operator`.
    public var createdBy: String
    public var evidence: [FenceEvidence]
    /// Power methods that were tried, oldest first; at most `attemptsKept`.
    public var attempts: [FenceAttempt]

    public static let attemptsKept = 16

    public init(
        id: FenceID, cell: CellID, incarnation: IncarnationID, cause: FenceCause, state: FenceState = .open,
        createdAt: Timestamp, createdBy: String, evidence: [FenceEvidence] = [], attempts: [FenceAttempt] = []
    ) {
        self.id = id
        self.cell = cell
        self.incarnation = incarnation
        self.cause = cause
        self.state = state
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.evidence = evidence
        self.attempts = attempts
    }
}

public enum FenceCause: Hashable, Sendable, Codable {
    /// Its session expired.
    case silence
    /// A person asked for it.
    case asked
    /// Another incarnation of the cell opened a session.
    case replaced
}

public enum FenceState: Hashable, Sendable, Codable {
    /// In force; what it frees is said by its evidence.
    case open
    /// No longer in force: the cell came back, or a person lifted it.
    case lifted(at: Timestamp)
}

/// One reason to believe that a cell cannot write; what it frees depends on the workload's `--fence`.
public enum FenceEvidence: Hashable, Sendable, Codable {
    /// The cell wrote down, synced, that it will never start these volumes at these epochs again, and named this fence.
    case word(promises: [VolumePromise])
    /// The session expired with these guards.
    case expiry(session: SessionID, sequence: UInt64, guards: GuardReport, isPausable: Bool)
    /// Every device of one level said that it is off, after it was told to be.
    case power(level: Int)
    case person(String)
}

/// A cell's promise: never to start the volume at this epoch, or an older one, again.
public struct VolumePromise: Hashable, Sendable, Codable {
    public var volume: VolumeID
    public var epoch: Epoch

    public init(volume: VolumeID, epoch: Epoch) {
        self.volume = volume
        self.epoch = epoch
    }
}

/// One use of a power device.
public struct FenceAttempt: Hashable, Sendable, Codable {
    public var number: Int
    public var level: Int
    public var device: String
    public var step: FenceStep
    public var outcome: FenceOutcome
    /// The controller's that began it: after another took over, nobody waits for its answer.
    public var begunBy: Term?

    public init(
        number: Int, level: Int, device: String, step: FenceStep, outcome: FenceOutcome, begunBy: Term? = nil
    ) {
        self.begunBy = begunBy
        self.number = number
        self.level = level
        self.device = device
        self.step = step
        self.outcome = outcome
    }
}

public enum FenceStep: String, Hashable, Sendable, Codable, CaseIterable {
    case off
    case status
}

public enum FenceOutcome: Hashable, Sendable, Codable {
    /// Recorded before it is begun.
    case begun
    case succeeded
    /// Of a status: the machine is still on.
    case saysOn
    /// Of a status: the machine is off.
    case saysOff
    case failed(String)
}

/// A device that can cut a cell's power, by one of the fence-agents programs.
public struct PowerDevice: Hashable, Sendable, Codable {
    public var name: String
    /// A drill has proved it: the device said ON of the living machine, and OFF after it was told so. Only then does it count.
    public var isDrilled: Bool

    public init(name: String, isDrilled: Bool) {
        self.name = name
        self.isDrilled = isDrilled
    }
}
