import FoundryModel

/// What a server does with a cell's request for a session.
public enum SessionDecision: Hashable, Sendable {
    /// One transaction; the answer is given only after it was committed. When it conflicts, the record is read again and decided anew.
    case commit([RecordWrite], SessionAnswer)
    case answer(SessionAnswer)
}

/// Grants and renews sessions: a renewal is a transaction that compares the record which it was decided on.
///
/// - Source: design 5.1 and 5.10; etcd's keepalive is no consensus operation, so store leases are not used.
public enum SessionRule {
    /// - Parameter record: the cell's, from a read that is linearizable; nil: there is none.
    /// - Parameter fresh: a random id that was never used, for a session that is opened.
    public static func decide(
        _ request: SessionRequest, record: Revised<SessionRecord>?, fresh: SessionID
    ) -> SessionDecision {
        guard let session = request.session else { return open(request, record, fresh) }
        guard let record, record.value.session == session else { return .answer(.refused(.unknown)) }
        if case .expired(let fence) = record.value.state, !Planted.has(.expiredSessionRenewed) {
            return .answer(.refused(.expired(fence)))
        }
        guard isSameLife(request, record.value) else { return .answer(.refused(.heldByAnother)) }
        guard request.sequence == record.value.sequence else {
            return .answer(.refused(.sequenceIs(record.value.sequence)))
        }
        return grant(session, to: request, record)
    }

    private static func open(
        _ request: SessionRequest, _ record: Revised<SessionRecord>?, _ fresh: SessionID
    ) -> SessionDecision {
        if let record, record.value.state == .alive, !isSameLife(request, record.value) {
            return .answer(.refused(.heldByAnother))
        }
        if let record, record.value.incarnation == request.incarnation, request.sequence < record.value.confirmed,
            !Planted.has(.restoredDiskBelieved)
        {
            return .answer(.refused(.diskOlder))
        }
        return grant(fresh, to: request, record)
    }

    /// The same boot of the same machine with the same data: its process restarted. A clone of it has another boot, and a machine that was wiped another
    /// incarnation; both wait until the session has expired.
    private static func isSameLife(_ request: SessionRequest, _ record: SessionRecord) -> Bool {
        let isSameBoot = request.bootID == record.bootID && request.machineID == record.machineID
        return request.incarnation == record.incarnation && (isSameBoot || Planted.has(.cloneAccepted))
    }

    /// More than any cell counts to; what one claims beyond it is not believed, so that the sequence never overflows.
    static let sequenceLimit: UInt64 = 1 << 62

    /// The sequence grows over sessions too, so that no silence of one is taken for the other's; and over a restore of the store, which forgets it: what the
    /// cell's disk remembers is what an older disk is told by.
    private static func grant(
        _ session: SessionID, to request: SessionRequest, _ record: Revised<SessionRecord>?
    ) -> SessionDecision {
        let remembered = min(request.sequence, sequenceLimit)
        let known = max(record?.value.sequence ?? 0, remembered)
        let same = record.flatMap { $0.value.incarnation == request.incarnation ? $0.value : nil }
        let next = SessionRecord(
            cell: request.cell, session: session, sequence: known + (Planted.has(.sequenceStays) ? 0 : 1),
            confirmed: max(same?.confirmed ?? 0, remembered), state: .alive,
            incarnation: request.incarnation, machineID: request.machineID, bootID: request.bootID,
            guards: request.guards, isPausable: request.isPausable)
        return .commit([.put(.session(next), expects: .seen(record))], .granted(session, sequence: next.sequence))
    }
}
