import FoundryModel
import FoundryRouter
import Synchronization

/// The server's side: orders as the test wants them, reports kept.
final class TestUplink: RouterUplink {
    struct Away: Error {}

    private struct State {
        var orders: RouterOrders?
        var stream: AsyncThrowingStream<RouterOrders, any Error>.Continuation?
        var isAway = false
        var reports: [RouterReport] = []
        var usage: RouterUsage?
    }

    private let state = Mutex(State())

    var last: RouterReport? { state.withLock { $0.reports.last } }
    var reportCount: Int { state.withLock { $0.reports.count } }

    /// What was told last.
    var usage: RouterUsage? { state.withLock { $0.usage } }

    func send(_ orders: RouterOrders) {
        state.withLock {
            $0.orders = orders
            _ = $0.stream?.yield(orders)
        }
    }

    /// The server is gone: streams end, reports fail.
    func leave() {
        state.withLock {
            $0.isAway = true
            $0.stream?.finish(throwing: Away())
            $0.stream = nil
        }
    }

    func comeBack() { state.withLock { $0.isAway = false } }

    func follow(_ body: (RouterOrders) async -> Void) async throws(FoundryError) {
        do {
            for try await orders in stream() { await body(orders) }
        } catch {
            throw FoundryError(.unreachable, "The API does not answer.")
        }
    }

    private func stream() -> AsyncThrowingStream<RouterOrders, any Error> {
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: RouterOrders.self)
        state.withLock {
            if $0.isAway { return continuation.finish(throwing: Away()) }
            $0.stream = continuation
            if let orders = $0.orders { _ = continuation.yield(orders) }
        }
        return stream
    }

    func report(_ report: RouterReport) async throws(FoundryError) {
        let isAway = state.withLock {
            if !$0.isAway { $0.reports.append(report) }
            return $0.isAway
        }
        if isAway { throw FoundryError(.unreachable, "The API does not answer.") }
    }

    func usage(_ usage: RouterUsage) async throws(FoundryError) -> UsageReceipt {
        state.withLock { $0.usage = usage }
        return UsageReceipt(nextMilliseconds: 1_000)
    }
}
