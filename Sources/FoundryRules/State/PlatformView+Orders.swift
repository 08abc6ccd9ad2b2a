import FoundryModel

extension PlatformView {
    /// What a cell shall hold, as the records say it.
    public func cellOrders(for cell: CellID, term: Term) -> CellOrders {
        let session = sessions[cell].flatMap { $0.value.state == .alive ? $0.value : nil }
        let members = index.members(on: cell).compactMap { self.members[$0]?.value }
        let volumes = index.volumes(on: cell).compactMap { self.volumes[$0]?.value }.filter { volume in
            // What lay on another incarnation is not this one's, whatever the labels say.
            session == nil || volume.incarnation == nil || volume.incarnation == session?.incarnation
                || Planted.has(.rejoinConfirmsOldIncarnation)
        }
        return CellOrders(
            revision: revision, term: term,
            members: members.sorted { $0.id < $1.id }.compactMap(memberOrder),
            volumes: volumes.sorted { $0.id < $1.id }.map(volumeOrder), session: session?.session,
            fences: session.map { fenceOrders(of: cell, $0.incarnation, volumes) } ?? [],
            snapshots: snapshotOrders(of: cell), verbs: verbOrders(of: cell))
    }

    /// The newest revision of a record that a cell's orders are made of: its report names the revision that it follows, so it must hear of newer ones.
    public func newestRevision(behindOrdersOf cell: CellID) -> Int64 {
        var newest: Int64 = 0
        for member in index.members(on: cell).compactMap({ members[$0] }) {
            newest = max(newest, member.revision, apps[member.value.app]?.revision ?? 0)
        }
        for volume in index.volumes(on: cell).compactMap({ volumes[$0] }) { newest = max(newest, volume.revision) }
        for snapshot in snapshots.values where snapshot.value.cell == cell { newest = max(newest, snapshot.revision) }
        return newest
    }

    /// Whether a member's process shall run now, as far as its app, its part in a change-over and fences that a person asked for go.
    func shallRun(_ member: MemberRecord, of app: AppRecord) -> Bool {
        app.desired == .started && !member.standsDown && !isAskedToStop(member.cell)
            && !dismissed(of: app).contains { $0.id == member.id }
    }

    /// A fence stops the life of the cell that it was asked for, and not the one that took its name since.
    private func isAskedToStop(_ cell: CellID) -> Bool {
        guard !fences.isEmpty else { return false }
        let incarnation = incarnation(of: cell)
        return fences.values.contains {
            $0.value.cell == cell && $0.value.state == .open && $0.value.cause == .asked
                && $0.value.incarnation == incarnation
        }
    }

    private func memberOrder(_ member: MemberRecord) -> MemberOrder? {
        guard let app = apps[member.app]?.value else { return nil }
        let volume = member.volume.flatMap { volumes[$0]?.value }
        let spec = spec(of: member, in: app)
        return MemberOrder(
            id: member.id, app: app.id, name: "\(app.name)/\(member.index)",
            generation: (member.pinned ?? app.generation) + member.turn, run: mayRun(member, of: app, volume),
            slot: member.slot, spec: spec, volume: member.volume, role: member.role,
            source: member.role == .replica ? source(of: volume, spec) : nil,
            waitsFor: waitsFor(volume), isGuarded: volume.map(isGuarded) ?? false,
            service: serviceOrder(for: member, of: app), bindings: BoundServices.order(for: app, view: self))
    }

    /// During a change some run the specification before it.
    private func spec(of member: MemberRecord, in app: AppRecord) -> WorkloadSpec {
        member.pinned == nil ? app.spec : (app.rollout?.previous ?? app.spec)
    }

    /// A member with a volume runs only while the record says that it holds it, or follows its holder.
    private func mayRun(_ member: MemberRecord, of app: AppRecord, _ volume: VolumeRecord?) -> Bool {
        guard shallRun(member, of: app), isItsTurn(member, of: app) else { return false }
        guard member.volume != nil else { return true }
        switch volume?.phase {
        case .held(by: member.id): return true
        case .follows(let holder): return isFollowed(holder)
        case .held, .allotted, .sealed, .kept, .purging, .forked, nil: return false
        }
    }

    private func isFollowed(_ holder: VolumeID) -> Bool {
        guard let volume = volumes[holder]?.value else { return false }
        switch volume.phase {
        case .held, .sealed: return volume.epoch > .none
        case .allotted, .follows, .kept, .purging, .forked: return false
        }
    }

    private func isGuarded(_ volume: VolumeRecord) -> Bool {
        if Planted.has(.guardOffToldBeforeRecorded), switches.isInMaintenance { return false }
        return volume.guardState != .off
    }

    private func waitsFor(_ volume: VolumeRecord?) -> [MemberID] {
        (volume?.replication.waitsFor ?? []).compactMap { index.member(with: $0) }.sorted()
    }

    private func source(of volume: VolumeRecord?, _ spec: WorkloadSpec) -> RouteTarget? {
        guard case .follows(let id)? = volume?.phase, let holder = volumes[id]?.value,
            let primary = member(with: id), let status = statuses[primary.id]?.value, let port = spec.targetPort
        else { return nil }
        return RouteTarget(member: primary.id, address: status.address, port: port, epoch: holder.epoch)
    }

    private func volumeOrder(_ volume: VolumeRecord) -> VolumeOrder {
        var epoch = volume.epoch
        var branch = volume.branch
        if case .follows(let holder) = volume.phase, let holder = volumes[holder]?.value {
            epoch = holder.epoch
            branch = holder.branch
        }
        return VolumeOrder(
            id: volume.id, lineage: volume.lineage, branch: branch, epoch: epoch, size: volume.size,
            directories: volume.directories, purpose: purpose(of: volume))
    }

    private func purpose(of volume: VolumeRecord) -> VolumePurpose {
        switch volume.phase {
        case .held(let member):
            // While it is to stop, the holder keeps its right to end in order; the cell seals once the member is gone.
            guard let record = members[member]?.value, let app = apps[record.app]?.value, shallRun(record, of: app)
            else { return .keep }
            if mustWait(volume) { return .keep }
            if let origin = volume.origin { return .promote(member, from: origin) }
            return .serve(member, sealedAt: volume.sealedAt, mayCreate: !volume.isMade)
        case .follows(let holder):
            guard let record = member(with: volume.id), let app = apps[record.app]?.value,
                shallRun(record, of: app), isFollowed(holder)
            else { return .keep }
            return .follow(record.id, mayCreate: !volume.isMade)
        case .kept where Planted.has(.keptIsDeleted): return .delete
        case .allotted:
            guard let source = volume.source, !volume.isMade, case .taken? = snapshots[source.snapshot]?.value.state
            else { return .keep }
            return .make(from: source.snapshot)
        case .sealed, .kept, .forked: return .keep
        case .purging: return .delete
        }
    }

    /// The store was restored, and what the records say of a holder may be old: what runs goes on, and nothing starts until every cell has said what lies
    /// on it. What is known then to have been taken over by another copy waits for a person.
    /// - Source: design 5.10.
    func mustWait(_ volume: VolumeRecord) -> Bool {
        guard switches.generation > 0, !Planted.has(.unheardCellActs) else { return false }
        return !switches.unheard.isEmpty || isOvertaken(volume)
    }

    /// Some cell has, or had since the restore, data of the same lineage that was held, or followed its holder, later than the record knows of.
    func isOvertaken(_ volume: VolumeRecord) -> Bool { overtaking(volume) > volume.epoch }

    /// The newest epoch of another copy, as far as was seen since the store was restored.
    func overtaking(_ volume: VolumeRecord) -> Epoch {
        guard switches.generation > 0 else { return .none }
        return index.labels(of: volume.lineage).reduce(into: volume.overtaken) { newest, id in
            guard id != volume.id, let label = volumeStatuses[id]?.value.label else { return }
            newest = max(newest, label.epoch)
        }
    }

    /// A fence that a person asked for wants the cell's word for every volume that is held there.
    private func fenceOrders(
        of cell: CellID, _ incarnation: IncarnationID, _ volumes: [VolumeRecord]
    ) -> [FenceOrder] {
        let open = fences.values.map(\.value).filter {
            $0.cell == cell && ($0.incarnation == incarnation || Planted.has(.rejoinConfirmsOldIncarnation))
                && $0.state == .open && $0.cause == .asked
        }
        guard !open.isEmpty else { return [] }
        let promises = volumes.compactMap { volume -> VolumePromise? in
            guard case .held = volume.phase else { return nil }
            return VolumePromise(volume: volume.id, epoch: volume.epoch)
        }
        return open.sorted { $0.id < $1.id }.map {
            FenceOrder(fence: $0.id, promises: promises.sorted { $0.volume < $1.volume })
        }
    }

    /// Where every route leads, as the records and the members' last reports say it.
    public func routerOrders() -> RouterOrders {
        let orders = routes.values.map(\.value).map { route in
            let isKept = isUncertain(route)
            return RouteOrder(
                scope: route.scope, port: route.port, targets: isKept ? [] : targets(of: route), isKept: isKept)
        }
        return RouterOrders(
            revision: revision, routes: orders.sorted { ($0.scope.rawValue, $0.port) < ($1.scope.rawValue, $1.port) },
            term: term?.value.term ?? Term(0))
    }

    /// After a restore the records may name an older holder than the one that the route leads to.
    private func isUncertain(_ route: RouteRecord) -> Bool {
        primaries(of: route.app).contains { member in
            member.volume.flatMap { volumes[$0]?.value }.map { mustWait($0) || isHearsay($0) } ?? false
        }
    }

    /// What is known of it is what the backup says: a person had its cell fenced after the restore, and it has held no session since.
    private func isHearsay(_ volume: VolumeRecord) -> Bool {
        switches.generation > 0 && sessions[volume.cell] == nil
            && openFence(of: volume.cell, volume.incarnation ?? incarnation(of: volume.cell)) != nil
    }

    private func targets(of route: RouteRecord) -> [RouteTarget] {
        guard let app = apps[route.app]?.value, app.desired == .started else { return [] }
        let surplus = surplus(of: app)
        return primaries(of: route.app).filter { $0.leave == nil && !surplus.contains($0) }.compactMap {
            target($0, of: app, route)
        }
        .sorted { $0.member < $1.member }
    }

    private func target(_ member: MemberRecord, of app: AppRecord, _ route: RouteRecord) -> RouteTarget? {
        guard let status = statuses[member.id]?.value,
            status.generation >= (member.pinned ?? app.generation) + member.turn, Self.serves(status.phase)
        else { return nil }
        let epoch = member.volume.flatMap { volumes[$0]?.value.epoch } ?? .none
        // During a change, one that has not changed yet serves at the port that it knows.
        let port = member.pinned.flatMap { _ in app.rollout?.previous.targetPort } ?? route.targetPort
        return RouteTarget(member: member.id, address: status.address, port: port, epoch: epoch)
    }

    /// A member that failed a check stays reachable until it is restarted: its clients may do better than the check. One that says that it is not ready
    /// does not.
    private static func serves(_ phase: MemberPhase) -> Bool {
        switch phase {
        case .healthy, .unhealthy: true
        case .preparing, .starting, .unready, .stopping, .stopped, .waiting, .crashed, .refused: false
        }
    }
}
