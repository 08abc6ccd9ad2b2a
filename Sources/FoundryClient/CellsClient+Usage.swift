import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension CellsClient {
    private func tell(_ usage: some Encodable) async throws(FoundryError) -> UsageReceipt {
        let answer = try await post(usage, to: "usage")
        do { return try JSONDecoder().decode(UsageReceipt.self, from: answer) } catch {
            throw APIFailure.unreadable(error)
        }
    }
}

extension CellsClient where Orders == CellOrders, Report == CellReport {
    /// Tells what the cell's members use.
    ///
    /// - Returns: when the server wants to hear it again.
    /// - Throws: `unreachable`, `timed_out`, the server's refusal.
    public func usage(_ usage: CellUsage) async throws(FoundryError) -> UsageReceipt { try await tell(usage) }
}

extension CellsClient where Orders == RouterOrders, Report == RouterReport {
    /// Tells what goes through the routes.
    ///
    /// - Returns: when the server wants to hear it again.
    /// - Throws: `unreachable`, `timed_out`, the server's refusal.
    public func usage(_ usage: RouterUsage) async throws(FoundryError) -> UsageReceipt { try await tell(usage) }
}
