import FoundryModel

/// Most routes lead to one member.
extension RouteOrder {
    public init(scope: RouteScope, port: Int, target: RouteTarget?, isKept: Bool = false) {
        self.init(scope: scope, port: port, targets: target.map { [$0] } ?? [], isKept: isKept)
    }

    public var target: RouteTarget? { targets.first }
}
