import FoundryModel

/// How the cell speaks with the server.
public protocol CellUplink: Sendable {
    /// Hands on the cell's orders, whole, whenever they change, until the connection ends.
    ///
    /// - Throws: when there is no connection, or it broke. The cell asks again.
    func followOrders(_ body: @Sendable (CellOrders) async -> Void) async throws(FoundryError)

    /// Tells what the cell has, whole. The cell tells again when it fails.
    func send(_ report: CellReport) async throws(FoundryError)
}
