import FoundryEffects
import FoundryModel
import FoundryRules
import Hummingbird

/// The listener of cells and routers. A peer's certificate says who it is, and it may speak only for itself.
struct CellEndpoints: Sendable {
    let feed: ViewFeed
    let controller: Controller
    let presence: Presence
    let usage: UsageBoard
    let execs: ExecBoard

    var endpoints: [Endpoint] {
        [
            .get("/cells/v1/router/orders") { request throws(FoundryError) in
                try await only(.router, request)
                return routerOrders()
            },
            .post("/cells/v1/router/report") { request throws(FoundryError) in
                try await only(.router, request)
                return try await routerReport(request)
            },
            .post("/cells/v1/router/usage") { request throws(FoundryError) in
                try await only(.router, request)
                let measured = try read(RouterUsage.self, request)
                return try receipt(usage.heard(measured, at: Self.now()))
            },
            .get("/cells/v1/:cell/orders") { request throws(FoundryError) in
                let cell = try id(request)
                try await only(.cell(cell), request)
                return cellOrders(cell)
            },
            .post("/cells/v1/:cell/report") { request throws(FoundryError) in
                let cell = try id(request)
                try await only(.cell(cell), request)
                return try await cellReport(cell, request)
            },
            .post("/cells/v1/:cell/usage") { request throws(FoundryError) in
                let cell = try id(request)
                try await only(.cell(cell), request)
                let measured = try read(CellUsage.self, request)
                guard measured.cell == cell else { throw Self.notItself() }
                return try receipt(usage.heard(measured, at: Self.now()))
            },
            Endpoint(.post, "/cells/v1/:cell/execs/:ticket", takesStream: true) { request throws(FoundryError) in
                let cell = try id(request)
                try await only(.cell(cell), request)
                return try ExecCellEndpoint(execs: execs, feed: feed).attach(request, by: cell)
            },
        ]
    }

    private func id(_ request: APIRequest) throws(FoundryError) -> CellID {
        try request.id("cell", or: FoundryError(.notFound, "No cell has such an id."))
    }

    private func only(_ expected: PeerIdentity, _ request: APIRequest) async throws(FoundryError) {
        let peer = try await PeerIdentity.of(request.channel)
        guard peer == expected else { throw Self.notItself() }
    }

    private static func notItself() -> FoundryError {
        FoundryError(.forbidden, "A cell or router speaks only for itself.")
    }

    private static func now() -> Moment { Moment(wall: SystemClock.timestamp(), monotonic: SystemClock.monotonic()) }

    /// Written as the model's types are, as all that cells read.
    private func receipt(_ receipt: UsageReceipt) throws(FoundryError) -> Response {
        do { return Answer.json([UInt8](try OrdersJSON.encode(receipt))) } catch {
            throw FoundryError(.internalError, "The answer could not be written.", detail: "\(error)")
        }
    }

    private func cellOrders(_ cell: CellID) -> Response {
        let term = controller.term.value.term
        return OrdersStream(feed: feed, presence: presence, peer: .cell(cell)) { view in
            var orders = view.cellOrders(for: cell, term: term)
            orders.execs = execs.orders(for: cell)
            var content = orders
            content.revision = 0
            return (orders, .init(content: content, newest: view.newestRevision(behindOrdersOf: cell)))
        }.response()
    }

    private func routerOrders() -> Response {
        OrdersStream(feed: feed, presence: presence, peer: .router) { view in
            let orders = view.routerOrders()
            return (
                orders, .init(content: RouterOrders(revision: 0, routes: orders.routes, term: orders.term), newest: 0)
            )
        }.response()
    }

    private func cellReport(_ cell: CellID, _ request: APIRequest) async throws(FoundryError) -> Response {
        let report = try read(CellReport.self, request)
        guard report.cell == cell else { throw Self.notItself() }
        presence.heard(report, at: SystemClock.timestamp())
        await controller.report(report)
        return Answer.nothing()
    }

    private func routerReport(_ request: APIRequest) async throws(FoundryError) -> Response {
        let report = try read(RouterReport.self, request)
        presence.heard(report, at: SystemClock.timestamp())
        await controller.report(report)
        return Answer.nothing()
    }

    private func read<Report: Decodable>(_ type: Report.Type, _ request: APIRequest) throws(FoundryError) -> Report {
        do {
            return try OrdersJSON.decode(type, from: request.body)
        } catch {
            throw FoundryError(.notJSON, "The report cannot be read.", detail: "\(error)")
        }
    }
}
