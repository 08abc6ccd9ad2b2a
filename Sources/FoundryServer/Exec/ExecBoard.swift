import FoundryModel
import FoundryRules
import Synchronization

/// The commands that run now. Of this process only: nothing of them is stored, and they end with it.
final class ExecBoard: Sendable {
    private struct State {
        var book = ExecBook()
        var sessions: [ExecTicket: ExecSession] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())

    var count: Int { state.withLock { $0.book.count } }

    /// - Throws: `too_many_requests`; `exec_broken` when the server goes.
    func open(
        in member: MemberRecord, request: [UInt8], hasTerminal: Bool
    ) throws(FoundryError) -> ExecSession {
        var generator = SystemRandomNumberGenerator()
        let session = ExecSession(
            ticket: .random(using: &generator), request: request, hasTerminal: hasTerminal)
        try change { state throws(FoundryError) in
            guard !state.isClosed else { throw ExecFailure.platformStops }
            try state.book.open(session.ticket, in: member)
            state.sessions[session.ticket] = session
        }
        return session
    }

    /// - Throws: `not_found` when nobody waits for this stream of this cell.
    func attach(_ ticket: ExecTicket, by cell: CellID) throws(FoundryError) -> ExecSession {
        try change { state throws(FoundryError) in
            try state.book.attach(ticket, by: cell)
            guard let session = state.sessions[ticket] else { preconditionFailure("a ticket has its session") }
            return session
        }
    }

    func close(_ session: ExecSession) {
        state.withLock { state in
            state.book.close(session.ticket)
            state.sessions[session.ticket] = nil
        }
    }

    func orders(for cell: CellID) -> [ExecOrder] { state.withLock { $0.book.orders(for: cell) } }

    /// Ends every command: the server goes.
    func closeAll() {
        let sessions = state.withLock { state in
            state.isClosed = true
            return Array(state.sessions.values)
        }
        for session in sessions { session.end(ExecFailure.platformStops) }
    }

    private func change<Answer: Sendable>(
        _ work: (inout State) throws(FoundryError) -> Answer
    ) throws(FoundryError) -> Answer {
        let outcome = state.withLock { state -> Result<Answer, FoundryError> in
            do throws(FoundryError) { return .success(try work(&state)) } catch { return .failure(error) }
        }
        return try outcome.get()
    }
}
