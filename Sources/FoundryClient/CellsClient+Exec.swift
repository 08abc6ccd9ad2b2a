import AsyncHTTPClient
import FoundryModel
import NIOCore

extension CellsClient where Orders == CellOrders, Report == CellReport {
    /// Opens the stream of a command that waits for it.
    ///
    /// - Throws: `not_found` when nobody waits, `unreachable`, `timed_out`.
    public func exec(_ ticket: ExecTicket) async throws(FoundryError) -> ExecConnection {
        let outbox = ExecOutbox()
        do {
            return ExecConnection(
                outbox: outbox, response: try await stream(outbox, to: ["execs", ticket.description]),
                failure: Self.failure)
        } catch {
            outbox.finish()
            throw Self.failure(error)
        }
    }
}
