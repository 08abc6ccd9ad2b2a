import FoundryEffects
import FoundryModel

extension RouterShell {
    private static let reportLimit = Duration.seconds(10)

    /// Keeps a stream of orders open; while there is none, the last orders stand.
    func followOrders() async {
        var backoff = RouterBackoff(first: .milliseconds(50), longest: .seconds(1))
        while !Task.isCancelled {
            let before = ordersReceived
            do {
                try await uplink.follow { [weak self] orders in await self?.receive(orders) }
                logger.debug("orders ended")
            } catch {
                logger.debug("orders lost", metadata: ["error": "\(error)"])
            }
            if ordersReceived != before { backoff.reset() }
            try? await SystemClock.sleep(backoff.next())
        }
    }

    private func receive(_ orders: RouterOrders) {
        ordersReceived += 1
        received = orders
        signal.wake()
    }

    /// A report is due when it differs from the last one, and after each orders, so that a server that was restarted hears of every route.
    func offerReport() {
        let report = machine.report
        guard report != lastReport else { return }
        lastReport = report
        unsentReport = report
        reportSignal.wake()
    }

    func sendReports() async {
        var backoff = RouterBackoff(first: .milliseconds(50), longest: .seconds(1))
        for await _ in reportSignal.wakes {
            while let report = unsentReport, !Task.isCancelled {
                unsentReport = nil
                do {
                    try await Deadline.run(Self.reportLimit) { [uplink] in try await uplink.report(report) }
                    backoff.reset()
                } catch {
                    logger.debug("report not sent", metadata: ["error": "\(error)"])
                    if unsentReport == nil { unsentReport = report }
                    try? await SystemClock.sleep(backoff.next())
                }
            }
        }
    }
}
