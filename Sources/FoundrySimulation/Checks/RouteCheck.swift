import FoundryModel

/// A route never leads to an older holder than it did before.
struct RouteCheck {
    private struct Place: Hashable {
        var router: Int
        var port: Int
    }

    private var newest: [Place: Epoch] = [:]

    init() {}

    /// - Parameter epoch: of whom a port leads to now; none where it has no volume.
    mutating func lead(_ router: Int, _ port: Int, _ epoch: Epoch, at now: SimulationTime) -> Violation? {
        guard epoch > .none else { return nil }
        let place = Place(router: router, port: port)
        let last = newest[place] ?? .none
        guard epoch >= last else {
            return Violation(
                .routesCurrent, at: now,
                "router r\(router) leads app-\(port) to epoch \(epoch), after it led to epoch \(last)")
        }
        newest[place] = epoch
        return nil
    }
}
