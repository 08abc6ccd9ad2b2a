import FoundryModel

/// Members of a cluster are taken out of it before they go: the others count them for their majority until then.
extension PlatformView {
    /// The one that is to be asked to leave next: of those that are too many the last, once nobody else is on the way out.
    func nextToLeave(of app: AppRecord) -> MemberRecord? {
        guard app.spec.takesLeave, primaries(of: app.id).allSatisfy({ $0.leave == nil }) else { return nil }
        return surplus(of: app).last
    }

    /// Members whose process is not wanted any more; the others may do without them.
    func dismissed(of app: AppRecord) -> [MemberRecord] {
        guard app.spec.takesLeave else { return surplus(of: app) }
        return primaries(of: app.id).filter { $0.leave == .done }
    }

    /// The verbs by which members leave, which run in one that stays.
    func leaveOrders(of cell: CellID) -> [VerbOrder] {
        let apps = Set(index.members(on: cell).compactMap { members[$0]?.value.app }).compactMap {
            self.apps[$0]?.value
        }
        return apps.filter(\.spec.takesLeave).flatMap { app -> [VerbOrder] in
            guard let instance = app.spec.service.flatMap({ instances[$0.instance]?.value }),
                let member = verbMember(of: instance), member.cell == cell
            else { return [] }
            return primaries(of: app.id).compactMap { leaving in
                guard case .asked(let verb) = leaving.leave else { return nil }
                return VerbOrder(
                    id: verb, member: member.id, verb: WorkloadSpec.leaveVerb,
                    environment: [
                        "FOUNDRY_LEAVING_NAME": PeerOrder.name(of: leaving.index, in: app),
                        "FOUNDRY_LEAVING_INDEX": "\(leaving.index)",
                    ], input: nil)
            }
        }
    }
}

extension WorkloadSpec {
    static let leaveVerb = "leave"

    /// Its members know each other, and have a way to part.
    var takesLeave: Bool { service.map { $0.cluster != nil && $0.verbs.contains(Self.leaveVerb) } == true }
}

extension PeerOrder {
    /// By which the members of a cluster know each other: `orders-db-0`.
    static func name(of index: Int, in app: AppRecord) -> String { "\(app.name)-\(index)" }
}
