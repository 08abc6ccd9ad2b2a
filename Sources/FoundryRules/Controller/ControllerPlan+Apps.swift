import FoundryModel

extension ControllerPlan {
    mutating func advance(_ app: Revised<AppRecord>, using generator: inout some RandomNumberGenerator) {
        let members = view.members(of: app.value.id)
        switch app.value.desired {
        case .started: if let index = view.missingIndex(of: app.value) { place(index, of: app, using: &generator) }
        case .stopped: break
        case .deleted(let purge):
            if members.isEmpty { remove(app) }
            for member in view.memberRecords(of: app.value.id) {
                letGo(member, of: app, purge: purge, using: &generator)
            }
        }
        if app.value.desired.isToStay {
            for member in view.dismissed(of: app.value).compactMap({ view.members[$0.id] }) {
                letGo(member, of: app, purge: false, using: &generator)
            }
            takeLeave(of: app, using: &generator)
        }
        if configuration.timing != nil { recover(app, using: &generator) }
        roll(app, using: &generator)
        if isRestless(app.value, members) { restless.insert(app.value.id) }
    }

    /// It waits for something that may come with time, or with another app's going, without an event of its own.
    private func isRestless(_ app: AppRecord, _ members: [MemberRecord]) -> Bool {
        if app.rollout != nil || (app.desired == .started && members.count < app.spec.members) { return true }
        return members.contains { !sights[$0.cell].canHost || $0.standsDown }
    }

    /// A started app that has no room stays without a member, and is tried again whenever something changes.
    private mutating func place(
        _ index: Int, of app: Revised<AppRecord>, using generator: inout some RandomNumberGenerator
    ) {
        let waiting = view.waitingVolume(of: app.value.id, index: index)
        guard isFree("app/\(app.value.id)"), waiting.map({ isFree("volume/\($0.value.id)") }) ?? true,
            let choice = choose(app.value, avoiding: [], copy: waiting?.value.cell)
        else { return }
        var member = MemberRecord(
            id: .random(using: &generator), app: app.value.id, index: index, cell: choice.cell, slot: choice.slot,
            volume: nil)
        var writes: [RecordWrite] = []
        if let waiting {
            member.volume = waiting.value.id
            writes.append(resumed(waiting, app.value))
        } else if let disk = app.value.spec.disk {
            let volume = volume(
                of: app.value, disk, for: index, on: choice.cell, lineage: .random(using: &generator), branch: 1,
                phase: .allotted, using: &generator)
            member.volume = volume.id
            take(volume, app.value.spec)
            writes.append(.put(.volume(volume), expects: .absent))
        }
        place(member, app, name: .memberPlace, writes, using: &generator)
    }

    /// One that waited for its member; it may have been made for a smaller disk.
    private func resumed(_ volume: Revised<VolumeRecord>, _ app: AppRecord) -> RecordWrite {
        var next = volume.value
        next.phase = .sealed
        next.awaitsMember = false
        if let disk = app.spec.disk { next.size = max(next.size, disk.size) }
        return .put(.volume(next), expects: .revision(volume.revision))
    }

    /// One more copy of what a volume holds, on a cell that has none.
    mutating func addReplica(
        of id: VolumeID, avoiding: Set<CellID>, _ app: Revised<AppRecord>,
        using generator: inout some RandomNumberGenerator
    ) {
        guard isFree("app/\(app.value.id)"), let holder = view.volumes[id]?.value, let disk = app.value.spec.disk
        else { return }
        let members = view.members(of: app.value.id)
        let taken = avoiding.union(members.map(\.cell))
        guard let choice = choose(app.value, avoiding: taken) else { return }
        let used = Set(members.map(\.index))
        var index = 0
        while used.contains(index) { index += 1 }
        let volume = volume(
            of: app.value, disk, for: index, on: choice.cell, lineage: holder.lineage, branch: holder.branch,
            phase: .follows(id), using: &generator)
        let member = MemberRecord(
            id: .random(using: &generator), app: app.value.id, index: index, cell: choice.cell, slot: choice.slot,
            volume: volume.id, role: .replica)
        take(volume, app.value.spec)
        place(member, app, name: .replicaAdd, [.put(.volume(volume), expects: .absent)], using: &generator)
    }

    private func volume(
        of app: AppRecord, _ disk: DiskSpec, for index: Int, on cell: CellID, lineage: LineageID, branch: Int,
        phase: VolumePhase, using generator: inout some RandomNumberGenerator
    ) -> VolumeRecord {
        VolumeRecord(
            id: .random(using: &generator), app: app.id, appName: app.name, index: index, cell: cell, size: disk.size,
            directories: disk.directories, lineage: lineage, branch: branch,
            epoch: .none, sealedAt: .none, isMade: false, phase: phase, createdAt: now,
            incarnation: view.incarnation(of: cell))
    }

    /// Of two placements that were decided on the same record of the app, only one is done: a retry makes no second volume.
    private mutating func place(
        _ member: MemberRecord, _ app: Revised<AppRecord>, name: ControllerEffectName, _ volume: [RecordWrite],
        using generator: inout some RandomNumberGenerator
    ) {
        var next = app.value
        next.placements += 1
        let expects: RecordExpectation =
            Planted.has(.retryMakesSecondVolume) ? .any : .revision(app.revision)
        let subject = "\(app.value.name)/\(member.index)"
        let words =
            member.role == .primary
            ? "was placed on cell \(member.cell.short)" : "was placed on cell \(member.cell.short) as a replica"
        take(member, app.value.spec)
        add(
            name, "app/\(app.value.id)",
            volume + [
                .put(.member(member), expects: .absent), .put(.app(next), expects: expects),
                event(.memberPlaced, app: app.value.id, subject: subject, words, using: &generator),
            ], for: .app(app.value.id))
    }

    /// Removes the record of a member whose app was deleted, or has one too many, once its cell says that it is gone and its volume is somebody's care.
    private mutating func letGo(
        _ member: Revised<MemberRecord>, of app: Revised<AppRecord>, purge: Bool,
        using generator: inout some RandomNumberGenerator
    ) {
        guard let status = report(of: member.value, atLeast: max(app.revision, member.revision)),
            status.phase == .stopped
        else { return }
        if let id = member.value.volume, let volume = view.volumes[id] {
            switch volume.value.phase {
            case .held:
                // Missing, or another's: nobody will ever seal it, and it is left as it is.
                guard let report = reports[volume.value.cell],
                    view.isReplaced(volume.value.incarnation, on: volume.value.cell)
                        || !VolumeRule.canBeSealed(
                            volume.value, status: report.volumes.first { $0.id == id }, machineID: report.machineID)
                else { return }
                return keep(volume, from: member, of: app, purge: purge, using: &generator)
            case .allotted, .sealed, .follows:
                return keep(volume, from: member, of: app, purge: purge, using: &generator)
            case .kept, .purging, .forked: break
            }
        }
        add(
            .memberRemove, "member/\(member.value.id)", leaving(member, app, using: &generator), for: .app(app.value.id)
        )
    }

    private func leaving(
        _ member: Revised<MemberRecord>, _ app: Revised<AppRecord>, using generator: inout some RandomNumberGenerator
    ) -> [RecordWrite] {
        let removed = event(
            .memberRemoved, app: app.value.id, subject: "\(app.value.name)/\(member.value.index)", "was removed",
            using: &generator)
        return removal(of: member) + [removed]
    }

    /// Of an app that stays the member goes with its volume, in one transaction: one that is to have it again finds no member beside it.
    private mutating func keep(
        _ volume: Revised<VolumeRecord>, from member: Revised<MemberRecord>, of app: Revised<AppRecord>, purge: Bool,
        using generator: inout some RandomNumberGenerator
    ) {
        let stays = app.value.desired.isToStay
        let check = RecordWrite.unchanged(app)
        let more = stays ? leaving(member, app, using: &generator) + [check] : []
        // What a member knew that left its cluster is of no use to another.
        let awaitsMember = stays && member.value.leave == nil
        handOverToGrace(volume, purge: purge, awaitsMember: awaitsMember, and: more, using: &generator)
    }

    private mutating func remove(_ app: Revised<AppRecord>) {
        var writes: [RecordWrite] = [
            .delete(key: Record.app(app.value).key, kind: .app, expects: .revision(app.revision))
        ]
        for route in view.routes.values.sorted(by: { $0.value.id < $1.value.id }) where route.value.app == app.value.id
        {
            writes.append(.delete(key: Record.route(route.value).key, kind: .route, expects: .revision(route.revision)))
        }
        writes += LogDrainRule.removals(of: app.value.id, view: view)
        add(.appRemove, "app/\(app.value.id)", writes, for: .app(app.value.id))
    }
}
