import FoundryModel

extension ControllerPlan {
    mutating func advance(_ app: Revised<AppRecord>, using generator: inout some RandomNumberGenerator) {
        let members = view.members(of: app.value.id)
        switch app.value.desired {
        case .started: if members.isEmpty { place(app.value, using: &generator) }
        case .stopped: break
        case .deleted: if members.isEmpty { remove(app) }
        }
        for member in members {
            guard case .deleted(let purge) = app.value.desired, let record = view.members[member.id] else { continue }
            letGo(record, of: app, purge: purge, using: &generator)
        }
    }

    /// A started app that has no room stays without a member, and is tried again whenever something changes.
    private mutating func place(_ app: AppRecord, using generator: inout some RandomNumberGenerator) {
        let choice: Placement.Choice
        do throws(FoundryError) {
            choice = try Placement.choose(memory: app.spec.memory, disk: app.spec.disk?.size, view: viewWithPlaced())
        } catch {
            return
        }
        var member = MemberRecord(
            id: .random(using: &generator), app: app.id, index: 0, cell: choice.cell, slot: choice.slot, volume: nil)
        var writes: [RecordWrite] = []
        if let disk = app.spec.disk {
            let volume = VolumeRecord(
                id: .random(using: &generator), app: app.id, appName: app.name, cell: choice.cell, size: disk.size,
                directories: disk.mounts.map(\.directory).filter { !$0.isEmpty }, lineage: .random(using: &generator),
                branch: 1,
                epoch: .none, sealedAt: .none, isMade: false, phase: .allotted, createdAt: now)
            member.volume = volume.id
            writes.append(.put(.volume(volume), expects: .absent))
        }
        writes.append(.put(.member(member), expects: .absent))
        writes.append(
            event(
                .memberPlaced, app: app.id, subject: "\(app.name)/0", "was placed on cell \(choice.cell.short)",
                using: &generator))
        add(.memberPlace, "app/\(app.id)", writes)
    }

    /// The view with what this pass already places, so that two placements of one pass do not share a slot.
    private func viewWithPlaced() -> PlatformView {
        var next = view
        for effect in effects where effect.name == .memberPlace {
            for case .put(let record, _) in effect.writes {
                if case .event = record { continue }
                next.put(record, revision: view.revision)
            }
        }
        return next
    }

    /// Removes the record of a member whose app was deleted, once its cell says that it is gone and its volume is somebody's care.
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
                    !VolumeRule.canBeSealed(
                        volume.value, status: report.volumes.first { $0.id == id }, machineID: report.machineID)
                else { return }
                return handOverToGrace(volume, purge: purge, using: &generator)
            case .allotted, .sealed: return handOverToGrace(volume, purge: purge, using: &generator)
            case .kept, .purging, .follows, .forked: break
            }
        }
        var writes: [RecordWrite] = [
            .delete(key: Record.member(member.value).key, kind: .member, expects: .revision(member.revision)),
            event(
                .memberRemoved, app: app.value.id, subject: "\(app.value.name)/\(member.value.index)", "was removed",
                using: &generator),
        ]
        if let status = view.statuses[member.value.id] {
            writes.append(.delete(key: Record.status(status.value).key, kind: .status, expects: .any))
        }
        add(.memberRemove, "member/\(member.value.id)", writes)
    }

    private mutating func remove(_ app: Revised<AppRecord>) {
        var writes: [RecordWrite] = [
            .delete(key: Record.app(app.value).key, kind: .app, expects: .revision(app.revision))
        ]
        for route in view.routes.values.sorted(by: { $0.value.id < $1.value.id }) where route.value.app == app.value.id
        {
            writes.append(.delete(key: Record.route(route.value).key, kind: .route, expects: .revision(route.revision)))
        }
        add(.appRemove, "app/\(app.value.id)", writes)
    }
}
