/// A cell asks for a session, or renews the one it holds; design 5.1.
public struct SessionRequest: Hashable, Sendable, Codable {
    public var cell: CellID
    public var incarnation: IncarnationID
    public var machineID: String
    public var bootID: String
    /// nil: it holds none, and asks for one.
    public var session: SessionID?
    /// The sequence that the last answer named; the record must still have it.
    public var sequence: UInt64
    public var guards: GuardReport
    public var isPausable: Bool

    public init(
        cell: CellID, incarnation: IncarnationID, machineID: String, bootID: String, session: SessionID?,
        sequence: UInt64, guards: GuardReport, isPausable: Bool
    ) {
        self.cell = cell
        self.incarnation = incarnation
        self.machineID = machineID
        self.bootID = bootID
        self.session = session
        self.sequence = sequence
        self.guards = guards
        self.isPausable = isPausable
    }
}

/// Given only after the store committed.
public enum SessionAnswer: Hashable, Sendable, Codable {
    case granted(SessionID, sequence: UInt64)
    case refused(SessionRefusal)
}

public enum SessionRefusal: Hashable, Sendable, Codable {
    /// The session expired, and a fence was opened against the cell: its guarded members stop, and it asks for a new session.
    case expired(FenceID)
    /// Another boot, machine or incarnation holds a living session of this cell: ask again after it has expired.
    case heldByAnother
    /// No such session: it was replaced, or the store was restored. Ask for a new one.
    case unknown
    /// The sequence is not the record's: an earlier renewal was committed and its answer lost. Renew with this one.
    case sequenceIs(UInt64)
    /// The store did not answer: nothing is known.
    case unavailable
}
