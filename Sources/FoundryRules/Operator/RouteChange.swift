import FoundryModel

/// What becomes of an app's route with a change.
public struct RouteChange: Hashable, Sendable {
    /// nil: it has none.
    public var before: Revised<RouteRecord>?
    /// nil: it shall have none.
    public var after: RouteRecord?

    public init(from before: Revised<RouteRecord>?, to after: RouteRecord?) {
        self.before = before
        self.after = after
    }

    /// For people; none when only the port inside the member is another: that is told of the specification.
    var changes: [SpecChange] {
        let (old, new) = (before.map { Self.words($0.value) }, after.map(Self.words))
        return old == new ? [] : [SpecChange("route", old, new)]
    }

    /// A route is known by its port: another port is another record.
    var writes: [RecordWrite] {
        let (old, new) = (before.map { Record.route($0.value).key }, after.map { Record.route($0).key })
        var writes: [RecordWrite] = []
        if let old, let before, old != new {
            writes.append(.delete(key: old, kind: .route, expects: .revision(before.revision)))
        }
        if let after { writes.append(.put(.route(after), expects: old == new ? .seen(before) : .absent)) }
        return writes
    }

    private static func words(_ route: RouteRecord) -> String {
        route.scope == .public ? "port \(route.port), public" : "port \(route.port)"
    }
}
