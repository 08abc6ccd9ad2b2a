/// A cell asks for a session, or renews the one it holds; design 5.1.
public struct SessionRequest: Hashable, Sendable, Codable {
    public var cell: CellID
    public var incarnation: IncarnationID
    public var machineID: String
    public var bootID: String
    /// nil: it holds none, and asks for one.
    public var session: SessionID?
    /// The newest that an answer named, written to the pool's disk before this was sent. Of a renewal the record must still have it; of a cell that asks
    /// for a session it shows that the disk is not of an earlier time.
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
    /// The disk has forgotten what the cell knew when it last renewed: it was put back to an earlier time. It begins anew, as another incarnation.
    case diskOlder
    /// No such session: it was replaced, or the store was restored. Ask for a new one.
    case unknown
    /// The sequence is not the record's: an earlier renewal was committed and its answer lost. Renew with this one.
    case sequenceIs(UInt64)
    /// The store did not answer: nothing is known.
    case unavailable
}
