import FoundryClient
import FoundryModel

/// How the router speaks with the server.
public protocol RouterUplink: Sendable {
    /// Hands every set of orders on as it comes, whole; the newest wins.
    ///
    /// - Returns: when the server ended the stream; the router asks anew.
    /// - Throws: when the server cannot be reached, or has been silent for three heartbeats.
    func follow(_ body: (RouterOrders) async -> Void) async throws(FoundryError)

    /// Tells what has been done, whole. The router tries again when it fails.
    func report(_ report: RouterReport) async throws(FoundryError)

    /// Tells what goes through the routes.
    ///
    /// - Returns: when the server wants to hear it again.
    func usage(_ usage: RouterUsage) async throws(FoundryError) -> UsageReceipt
}

extension CellsClient: RouterUplink where Orders == RouterOrders, Report == RouterReport {}
