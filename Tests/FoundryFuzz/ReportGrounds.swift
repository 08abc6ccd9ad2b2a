import FoundryModel

@testable import FoundryServer

/// What cells and routers send to the server, and what it sends them.
enum ReportGrounds {
    static func reports(_ bytes: [UInt8]) {
        let choice = Choice(bytes)
        switch choice.name {
        case "cell": same(CellReport.self, choice.rest)
        case "router": same(RouterReport.self, choice.rest)
        case "cell-usage": same(CellUsage.self, choice.rest)
        case "router-usage": same(RouterUsage.self, choice.rest)
        case "cell-orders": same(CellOrders.self, choice.rest)
        default: same(RouterOrders.self, choice.rest)
        }
    }

    /// What was read is written, and read as the same.
    private static func same<Value: Codable & Equatable>(_ type: Value.Type, _ bytes: [UInt8]) {
        guard let value = try? OrdersJSON.decode(type, from: bytes) else { return }
        guard let written = try? OrdersJSON.encode(value) else { fatalError("what was read cannot be written") }
        demand((try? OrdersJSON.decode(type, from: Array(written))) == value, "\(type) changes when it is written")
    }
}
