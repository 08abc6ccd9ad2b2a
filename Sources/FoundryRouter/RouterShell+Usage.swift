import FoundryEffects
import FoundryModel

extension RouterShell {
    private static let usagePause = Duration.seconds(2)

    /// Tells what goes through the routes, as often as the server wants to hear it; what it does not get is not told later.
    func tellUsage() async {
        var pause = Self.usagePause
        while true {
            do { try await SystemClock.sleep(pause) } catch { return }
            pause = Self.usagePause
            guard connection?.isOpen == true else { continue }
            do throws(FoundryError) {
                pause = UsagePause.of(try await uplink.usage(RouterUsage(routes: try await measure())))
            } catch {
                logger.debug("what goes through routes cannot be told", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Over a connection of its own: HAProxy answers one question at a time, and a route never waits for statistics.
    private func measure() async throws(FoundryError) -> [RouteUsage] {
        let connection = try await ProxyConnection.open(layout.socket) {}
        defer { connection.close() }
        return try ProxyStatistics.routes(try await connection.ask(ProxyStatistics.question))
    }
}
