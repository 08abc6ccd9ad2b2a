import Foundation
import FoundryClient
import FoundryModel
import Testing

@testable import FoundryServer

/// A live server with one app that runs on a cell of the test's, which answers commands as the test says.
struct ExecCell: Sendable {
    let server: LiveServer
    let api: FoundryAPI
    let cell: CellsClient<CellOrders, CellReport>
    /// Of the app.
    let guid: String
    /// Every line of orders that named a command.
    let orders: Kept<[CellOrders]>

    /// - Parameter answer: called once for each order.
    static func run(
        answer: @escaping @Sendable (CellsClient<CellOrders, CellReport>, ExecTicket) async throws -> Void,
        _ body: @escaping @Sendable (ExecCell) async throws -> Void
    ) async throws {
        try await LiveServer.run { server in
            let (cell, api, orders) = (try server.cellClient(), try server.api, Kept<[CellOrders]>([]))
            let bench = ExecCell(server: server, api: api, cell: cell, guid: "", orders: orders)
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await joined(bench, answer, body)) } catch { outcome = .failure(error) }
            await cell.close()
            await api.close()
            try outcome.get()
        }
    }

    private static func joined(
        _ bench: ExecCell,
        _ answer: @escaping @Sendable (CellsClient<CellOrders, CellReport>, ExecTicket) async throws -> Void,
        _ body: @escaping @Sendable (ExecCell) async throws -> Void
    ) async throws {
        let (cell, api) = (bench.cell, bench.api)
        try await cell.report(LiveServer.report(1, following: nil, nil))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await follow(cell, bench.orders, answer) }
            try await eventually("the cell is known") { try await !api.status().cells.isEmpty }
            let manifest = "applications: [{name: tool, image: tool, no-route: true}]"
            let job = try await api.apply(.manifest(Array(manifest.utf8)))
            #expect(try await api.job(job, wait: .seconds(10)).state == .complete)
            let guid = try #require(try await api.apps().first?.guid)
            try await body(ExecCell(server: bench.server, api: api, cell: cell, guid: guid, orders: bench.orders))
            group.cancelAll()
        }
    }

    private static func follow(
        _ cell: CellsClient<CellOrders, CellReport>, _ kept: Kept<[CellOrders]>,
        _ answer: @escaping @Sendable (CellsClient<CellOrders, CellReport>, ExecTicket) async throws -> Void
    ) async throws {
        let (seen, sequence) = (Kept<Set<ExecTicket>>([]), Kept<Int64>(1))
        let (work, input) = AsyncStream<ExecTicket>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await withThrowingDiscardingTaskGroup { answers in
                    for await ticket in work { answers.addTask { try? await answer(cell, ticket) } }
                }
            }
            try await cell.follow { orders in
                if !orders.execs.isEmpty { kept.change { $0.append(orders) } }
                for order in orders.execs where !seen.value.contains(order.ticket) {
                    seen.change { $0.insert(order.ticket) }
                    input.yield(order.ticket)
                }
                sequence.change { $0 += 1 }
                try? await cell.report(LiveServer.report(sequence.value, following: orders.revision, orders))
            }
            input.finish()
        }
    }

    func exec(_ words: String...) async throws(FoundryError) -> ExecConnection {
        try await api.exec(in: guid, instance: nil, ExecRequest(command: words))
    }

    /// Everything that comes until the end, signs of life left out.
    static func frames(_ connection: ExecConnection) async throws -> [ExecFrame] {
        let frames = Kept<[ExecFrame]>([])
        try await connection.receive { frame throws(FoundryError) in
            if frame != .alive { frames.change { $0.append(frame) } }
        }
        return frames.value
    }

    /// The error that a client was told at the end.
    static func failure(_ frames: [ExecFrame]) throws -> FoundryError? {
        guard case .failed(let bytes)? = frames.last else { return nil }
        return try WireJSON.decode(ErrorBody.self, from: Data(bytes)).error
    }

    static func eventually(_ what: String, _ condition: @Sendable () async throws -> Bool) async throws {
        for _ in 0..<500 {
            if try await condition() { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("never: \(what)")
    }
}
