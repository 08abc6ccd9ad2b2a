import FoundryClient
import FoundryModel

/// How the cell speaks with the server.
public protocol CellUplink: Sendable {
    /// Hands the cell's orders on as they come, whole; the newest wins.
    ///
    /// - Returns: when the server ended the stream; the cell asks anew.
    /// - Throws: when the server cannot be reached, or has been silent for three heartbeats.
    func follow(_ body: @Sendable (CellOrders) async -> Void) async throws(FoundryError)

    /// Tells what the cell has, whole. The cell tells again when it fails.
    func report(_ report: CellReport) async throws(FoundryError)

    /// Tells what its members use.
    ///
    /// - Returns: when the server wants to hear it again.
    func usage(_ usage: CellUsage) async throws(FoundryError) -> UsageReceipt

    /// Opens the stream of a command that is to run in a member.
    func exec(_ ticket: ExecTicket) async throws(FoundryError) -> ExecConnection
}

extension CellsClient: CellUplink where Orders == CellOrders, Report == CellReport {}
