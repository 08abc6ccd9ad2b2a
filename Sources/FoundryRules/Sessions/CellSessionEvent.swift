import FoundryModel

/// Who asks for sessions: one life of a cell's data directory, on one machine, during one boot.
public struct CellIdentity: Hashable, Sendable {
    public var cell: CellID
    public var incarnation: IncarnationID
    public var machineID: String
    public var bootID: String
    public var isPausable: Bool

    public init(cell: CellID, incarnation: IncarnationID, machineID: String, bootID: String, isPausable: Bool) {
        self.cell = cell
        self.incarnation = incarnation
        self.machineID = machineID
        self.bootID = bootID
        self.isPausable = isPausable
    }
}

public enum CellSessionEvent: Hashable, Sendable {
    /// The answer to the request of this number.
    case answered(number: UInt64, SessionAnswer)
    /// The request of this number could not be sent, or its connection ended.
    case failed(number: UInt64)
    /// The guards acted by themselves: the session under which they did is over.
    case guardsFired
    case tick
}

public enum CellSessionEffect: Hashable, Sendable {
    case send(SessionRequest, number: UInt64)
    /// Feeds the guards: they act at `sentAt` + F.
    case feed(SessionID, sentAt: MonotonicTime)
    /// Tells the cell's machine what it holds now.
    case changed(SessionID?)
    /// Its disk is of an earlier time: what lies there is another life's, and this one takes a name of its own.
    case beginAnew
    /// The guards must act now, and the cell's machine must know.
    case fireGuards
}

/// What a cell's session machine answers to an event.
public struct CellSessionDecision: Hashable, Sendable {
    public var effects: [CellSessionEffect] = []
    /// The event itself was not taken; the effects are those of time.
    public var rejection: CellSessionRejection?

    public init() {}
}

public enum CellSessionRejection: Hashable, Sendable {
    /// An answer to a request that was given up, or was answered before.
    case notTheNewest(UInt64)
    /// A renewal was answered with another session than its own.
    case anotherSession(SessionID)
}

/// The right to run guarded members.
public enum HeldSession: Hashable, Sendable {
    case none
    /// Its age counts from `sentAt`.
    case held(SessionID, sentAt: MonotonicTime)

    public var session: SessionID? {
        switch self {
        case .none: nil
        case .held(let session, _): session
        }
    }
}
