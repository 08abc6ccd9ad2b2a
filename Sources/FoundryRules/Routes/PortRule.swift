import FoundryModel

/// Chooses the port of a route.
public enum PortRule {
    /// - Parameter wanted: nil: the lowest free one.
    /// - Throws: `public_routes_disabled`, `port_invalid`, `port_taken`, `ports_exhausted`.
    public static func choose(
        _ wanted: Int?, scope: RouteScope, view: PlatformView, configuration: RouteConfiguration
    ) throws(FoundryError) -> Int {
        guard let range = configuration.ports(of: scope) else {
            throw FoundryError(
                .publicRoutesDisabled, "Public routes are not configured here.",
                hint:
                    "set routes.publicRange in config.json of the data directory, then `foundry down` and `foundry up`")
        }
        let kept = ports(keptFor: scope, view)
        guard let wanted else {
            guard let free = range.first(where: { kept[$0] == nil && view.route(scope, $0) == nil }) else {
                throw FoundryError(
                    .portsExhausted, "All \(range.count) ports of \(scope.rawValue) routes are in use.",
                    hint: "foundry apps")
            }
            return free
        }
        guard range.contains(wanted) else {
            throw FoundryError(
                .portInvalid,
                "Port \(wanted) is outside the range of \(scope.rawValue) routes, \(range.lowerBound) to \(range.upperBound).",
                hint: "leave --port out, and the lowest free one is taken")
        }
        if let other = view.route(scope, wanted)?.app ?? kept[wanted] {
            let name = view.apps[other].map { $0.value.name.description } ?? "another app"
            throw FoundryError(
                .portTaken, "Port \(wanted) belongs to \(name).",
                hint: "leave --port out, and the lowest free one is taken")
        }
        return wanted
    }

    /// Ports that come back to their apps when a change goes back.
    private static func ports(keptFor scope: RouteScope, _ view: PlatformView) -> [Int: AppID] {
        view.apps.values.reduce(into: [:]) { kept, app in
            if let route = app.value.rollout?.routeBefore?.route, route.scope == scope {
                kept[route.port] = app.value.id
            }
        }
    }
}
