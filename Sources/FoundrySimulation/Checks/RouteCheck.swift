import FoundryModel

/// A route never leads to an older holder than it did before.
struct RouteCheck {
    private struct Place: Hashable {
        var router: Int
        var port: Int
    }

    private var newest: [Place: Epoch] = [:]

    init() {}

    mutating func apply(_ router: Int, _ order: RouteOrder, at now: SimulationTime) -> Violation? {
        guard let target = order.target, target.epoch > .none else { return nil }
        let place = Place(router: router, port: order.port)
        let last = newest[place] ?? .none
        guard target.epoch >= last else {
            return Violation(
                .routesCurrent, at: now,
                "router r\(router) leads port \(order.port) to epoch \(target.epoch), after it led to epoch \(last)")
        }
        newest[place] = target.epoch
        return nil
    }
}
