import FoundryModel

extension PlatformView {
    /// What a cell shall hold, as the records say it.
    public func cellOrders(for cell: CellID, term: Term) -> CellOrders {
        CellOrders(
            revision: revision, term: term,
            members: members.values.map(\.value).filter { $0.cell == cell }.sorted { $0.id < $1.id }.compactMap(
                memberOrder),
            volumes: volumes.values.map(\.value).filter { $0.cell == cell }.sorted { $0.id < $1.id }.map(volumeOrder))
    }

    private func memberOrder(_ member: MemberRecord) -> MemberOrder? {
        guard let app = apps[member.app]?.value else { return nil }
        return MemberOrder(
            id: member.id, app: app.id, name: "\(app.name)/\(member.index)", generation: app.generation,
            run: shallRun(member, of: app),
            slot: member.slot, spec: app.spec, volume: member.volume)
    }

    /// A member with a volume runs only while the record says that it holds it.
    private func shallRun(_ member: MemberRecord, of app: AppRecord) -> Bool {
        guard app.desired == .started else { return false }
        guard let id = member.volume else { return true }
        return volumes[id]?.value.phase == .held(by: member.id)
    }

    private func volumeOrder(_ volume: VolumeRecord) -> VolumeOrder {
        VolumeOrder(
            id: volume.id, lineage: volume.lineage, branch: volume.branch, epoch: volume.epoch, size: volume.size,
            directories: volume.directories, purpose: purpose(of: volume))
    }

    private func purpose(of volume: VolumeRecord) -> VolumePurpose {
        switch volume.phase {
        case .held(let member):
            // While its app is to stop, the holder keeps its right to end in order; the cell seals once the member is gone.
            let runs = members[member].flatMap { apps[$0.value.app] }?.value.desired == .started
            return runs ? .serve(member, sealedAt: volume.sealedAt, mayCreate: !volume.isMade) : .keep
        case .allotted, .sealed, .kept, .forked: return .keep
        case .follows:
            return members.values.first { $0.value.volume == volume.id }.map {
                .follow($0.value.id, mayCreate: !volume.isMade)
            } ?? .keep
        case .purging: return .delete
        }
    }

    /// Where every route leads, as the records and the members' last reports say it.
    public func routerOrders() -> RouterOrders {
        let orders = routes.values.map(\.value).map { route in
            RouteOrder(scope: route.scope, port: route.port, target: target(of: route))
        }
        return RouterOrders(
            revision: revision, routes: orders.sorted { ($0.scope.rawValue, $0.port) < ($1.scope.rawValue, $1.port) })
    }

    private func target(of route: RouteRecord) -> RouteTarget? {
        guard let app = apps[route.app]?.value, app.desired == .started,
            let member = members(of: route.app).first, let status = statuses[member.id]?.value,
            status.generation == app.generation, Self.serves(status.phase)
        else { return nil }
        let epoch = member.volume.flatMap { volumes[$0]?.value.epoch } ?? .none
        return RouteTarget(member: member.id, address: status.address, port: route.targetPort, epoch: epoch)
    }

    /// A member that failed a check stays reachable until it is restarted: its clients may do better than the check.
    private static func serves(_ phase: MemberPhase) -> Bool {
        switch phase {
        case .healthy, .unhealthy: true
        case .preparing, .starting, .stopping, .stopped, .waiting, .crashed, .refused: false
        }
    }
}
