import FoundryModel

extension OperatorVerbs {
    /// A fork that nobody needs any more: it is kept for the grace period, then it goes.
    ///
    /// - Throws: `volume_not_found`; `conflict` when it is no fork.
    public static func forget(
        fork id: VolumeID, graceDays: Int, view: PlatformView, now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> OperatorPlan {
        let volume = try volume(id, view)
        if case .kept(let until) = volume.value.phase {
            return .unchanged("fork.forget", "volume \(id.short) is kept until \(until) already")
        }
        try refuseUnforked(volume.value)
        let until = now + Int64(graceDays) * 86_400_000
        var next = volume.value
        next.phase = .kept(until: until)
        return OperatorPlan(
            name: "fork.forget",
            writes: [
                .put(.volume(next), expects: .revision(volume.revision)),
                event(
                    .volumeKept, app: next.app, "volume \(next.appName)", "is a fork that is kept until \(until)", now,
                    &generator),
            ], message: "volume \(id) is kept until \(until), then it goes")
    }

    /// The app goes on from the fork when it is started again; what it used until now becomes a fork.
    ///
    /// - Throws: `volume_not_found`; `conflict` when it is no fork, when the app is not stopped and sealed, when it has replicas, while the fork's cell is
    ///   drained or lost, and while it has not said that the fork lies there, sealed.
    public static func adopt(
        fork id: VolumeID, view: PlatformView, now: Timestamp, using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> OperatorPlan {
        let fork = try volume(id, view)
        try refuseUnforked(fork.value)
        let record = try stopped(fork.value, view)
        let app = record.value
        let members = view.memberRecords(of: app.id)
        guard members.count <= 1 else {
            throw refusal(
                "\(app.name) has replicas, which follow what it used until now.",
                "foundry scale \(app.name) --replicas 0")
        }
        try refuseClosed(fork.value.cell, view)
        let label = try sealedLabel(of: fork.value, view)
        var writes = [RecordWrite.unchanged(record)]
        var next = fork.value
        if let member = members.first {
            let current = try put(aside: member.value, view)
            var last = current.value
            last.phase = .forked(since: now)
            next.epoch = max(next.epoch, last.epoch)
            writes += [
                .put(.volume(last), expects: .revision(current.revision)),
                .delete(key: Record.member(member.value).key, kind: .member, expects: .revision(member.revision)),
            ]
        }
        next.phase = .sealed
        next.sealedAt = label.epoch
        let member = try member(of: app, on: next, view, &generator)
        writes += [
            .put(.volume(next), expects: .revision(fork.revision)), .put(.member(member), expects: .absent),
            event(
                .volumeAdopted, app: app.id, "volume \(app.name)", "goes on from a fork, branch \(next.branch)", now,
                &generator),
        ]
        return OperatorPlan(
            name: "fork.adopt", writes: writes, message: "\(app.name) goes on from the fork when it is started")
    }

    private static func volume(_ id: VolumeID, _ view: PlatformView) throws(FoundryError) -> Revised<VolumeRecord> {
        if let volume = view.volumes[id] { return volume }
        throw FoundryError(.volumeNotFound, "No volume has the id '\(id)'.", hint: "foundry volumes")
    }

    private static func refusal(_ message: String, _ hint: String) -> FoundryError {
        FoundryError(.conflict, message, hint: hint)
    }

    static func refuseUnforked(_ volume: VolumeRecord) throws(FoundryError) {
        if case .forked = volume.phase, volume.replaces == nil { return }
        throw refusal("Volume \(volume.id.short) is no fork.", "foundry volumes")
    }

    private static func stopped(
        _ fork: VolumeRecord, _ view: PlatformView
    ) throws(FoundryError) -> Revised<AppRecord> {
        guard let app = view.apps[fork.app] else {
            throw refusal("\(fork.appName) was deleted; nothing can go on from its fork.", "foundry volumes")
        }
        guard app.value.desired == .stopped else {
            throw refusal("\(fork.appName) is not stopped.", "foundry stop \(fork.appName)")
        }
        return app
    }

    /// A member that is there could not start, or would have to leave again.
    private static func refuseClosed(_ cell: CellID, _ view: PlatformView) throws(FoundryError) {
        if view.cells[cell]?.value.duty == .drained {
            throw refusal("Cell \(cell), where the fork lies, is drained.", "foundry undrain \(cell)")
        }
        if let session = view.sessions[cell]?.value, session.state != .alive {
            throw refusal("Cell \(cell), where the fork lies, is lost.", "foundry cells")
        }
    }

    static func sealedLabel(of fork: VolumeRecord, _ view: PlatformView) throws(FoundryError) -> VolumeLabel {
        let status = view.volumeStatuses[fork.id]?.value
        guard let label = status?.label, label.sealed, label.role == .holder, label.lineage == fork.lineage,
            label.branch == fork.branch, status?.mounted == false
        else {
            throw refusal(
                "Cell \(fork.cell) has not said that the fork lies there, stopped and sealed.", "foundry volumes")
        }
        return label
    }

    /// The volume that the app used until now: nobody may hold it.
    private static func put(
        aside member: MemberRecord, _ view: PlatformView
    ) throws(FoundryError) -> Revised<VolumeRecord> {
        if let volume = member.volume.flatMap({ view.volumes[$0] }) {
            switch volume.value.phase {
            case .sealed, .allotted: return volume
            case .held, .follows, .forked, .kept, .purging: break
            }
        }
        throw refusal("The volume that it used until now is not sealed yet.", "foundry volumes")
    }

    private static func member(
        of app: AppRecord, on volume: VolumeRecord, _ view: PlatformView,
        _ generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> MemberRecord {
        let used = Set(view.index.members(on: volume.cell).compactMap { view.members[$0]?.value.slot })
        guard let slot = (2...254).first(where: { !used.contains($0) }) else {
            throw FoundryError(
                .capacityShort, "Cell \(volume.cell) has no address left for another member.", hint: "foundry apps")
        }
        return MemberRecord(
            id: .random(using: &generator), app: app.id, index: 0, cell: volume.cell, slot: slot, volume: volume.id)
    }
}
