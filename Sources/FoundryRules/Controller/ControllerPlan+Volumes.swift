import FoundryModel

extension ControllerPlan {
    static let millisecondsADay: Int64 = 86_400_000

    mutating func advance(_ volume: Revised<VolumeRecord>, using generator: inout some RandomNumberGenerator) {
        let holder = view.member(with: volume.value.id)
        let app = holder.flatMap { view.apps[$0.app] }
        if holder?.role == .primary, noteOvertaking(of: volume, using: &generator) { return }
        if volume.value.replaces != nil { return replace(volume, using: &generator) }
        switch volume.value.phase {
        case .allotted where volume.value.isBeingMade: make(volume, using: &generator)
        case .allotted, .sealed:
            guard let holder, let app, mayHold(holder, of: app.value, volume.value) else { return }
            if let label = unknownHold(of: volume.value) {
                adopt(volume, label, for: holder, using: &generator)
            } else {
                grant(volume, to: holder, of: app.value, using: &generator)
            }
        case .held:
            guard let holder, let app else { return }
            if let label = unknownHold(of: volume.value) {
                adopt(volume, label, for: holder, using: &generator)
            } else if mayHold(holder, of: app.value, volume.value) {
                follow(volume, holder, app.value, using: &generator)
            } else if !view.shallRun(holder, of: app.value) {
                release(volume, from: holder, of: app, using: &generator)
            }
        case .follows: noteReplica(volume, using: &generator)
        case .kept(let until): if until <= now { purge(volume, using: &generator) }
        case .purging: forget(volume, using: &generator)
        case .forked: break
        }
    }

    /// A later copy may be lost before a person looks: that it was there is kept.
    ///
    /// - Returns: whether there was something to keep.
    private mutating func noteOvertaking(
        of volume: Revised<VolumeRecord>, using generator: inout some RandomNumberGenerator
    ) -> Bool {
        let newest = view.overtaking(volume.value)
        guard newest > max(volume.value.epoch, volume.value.overtaken) else { return false }
        write(
            .volumeOvertaken, volume, .volumeOvertaken,
            "is older than another copy, which is of epoch \(newest): it starts when it is of that epoch, too, or a person says so",
            using: &generator
        ) { $0.overtaken = newest }
        return true
    }

    /// The member shall write to it, on a cell of which enough is known.
    private func mayHold(_ member: MemberRecord, of app: AppRecord, _ volume: VolumeRecord) -> Bool {
        guard member.role == .primary, view.shallRun(member, of: app), !view.isOvertaken(volume) else { return false }
        return configuration.timing == nil || sights[member.cell] == .living
    }

    /// Its cell says that the replica exists.
    private mutating func noteReplica(
        _ volume: Revised<VolumeRecord>, using generator: inout some RandomNumberGenerator
    ) {
        guard !volume.value.isMade, let label = reported(volume.value)?.label, label.lineage == volume.value.lineage
        else { return }
        write(.volumeTaken, volume, .volumeMade, "was made as a replica, \(volume.value.size)", using: &generator) {
            $0.isMade = true
        }
    }

    /// A volume that nobody holds, of an app that was deleted or has fewer members now: kept for the grace period, or purged when its user asked for that.
    ///
    /// - Parameter awaitsMember: its member may come back.
    /// - Parameter more: what is written with it.
    mutating func handOverToGrace(
        _ volume: Revised<VolumeRecord>, purge: Bool, awaitsMember: Bool, and more: [RecordWrite],
        using generator: inout some RandomNumberGenerator
    ) {
        if purge || !volume.value.isMade { return self.purge(volume, and: more, using: &generator) }
        let until = now + Int64(configuration.volumeGraceDays) * Self.millisecondsADay
        write(.volumeKeep, volume, .volumeKept, "is kept until \(until)", and: more, using: &generator) {
            $0.phase = .kept(until: until)
            $0.awaitsMember = awaitsMember
        }
    }

    /// What its cell did with a volume that its holder may write to.
    private mutating func follow(
        _ volume: Revised<VolumeRecord>, _ holder: MemberRecord, _ app: AppRecord,
        using generator: inout some RandomNumberGenerator
    ) {
        guard let label = reported(volume.value)?.label, label.lineage == volume.value.lineage else { return }
        if label.epoch < volume.value.epoch, isPromisedAway(volume.value) {
            return grant(volume, to: holder, of: app, using: &generator)
        }
        guard label.branch == volume.value.branch, label.role == .holder, label.epoch == volume.value.epoch else {
            return
        }
        if label.sealed {
            // Its cell went down in order: a sealed epoch is over.
            var sealed = volume
            sealed.value.isMade = true
            sealed.value.sealedAt = label.epoch
            sealed.value.origin = nil
            grant(sealed, to: holder, of: app, using: &generator)
        } else if volume.value.sealedAt != label.epoch {
            taken(volume, using: &generator)
        }
    }

    /// Its cell promised, for a fence that was lifted since, never to start it under this epoch, and had not begun to: it is granted another one. The fence
    /// may have been lifted before that word was recorded; the cell keeps it all the same.
    private func isPromisedAway(_ volume: VolumeRecord) -> Bool {
        guard volume.sealedAt < volume.epoch else { return false }
        let isFenced = view.openFence(of: volume.cell, volume.incarnation ?? view.incarnation(of: volume.cell)) != nil
        if !isFenced, let promised = reported(volume)?.promised, promised >= volume.epoch { return true }
        return view.fences.values.contains {
            $0.value.isAgainst(volume) && $0.value.state != .open && $0.value.promises(volume.id, at: volume.epoch)
        }
    }

    /// The label of a holder that is newer than its record: the store was restored from before that grant.
    private func unknownHold(of volume: VolumeRecord) -> VolumeLabel? {
        guard view.switches.generation > 0, let label = reported(volume)?.label, label.lineage == volume.lineage,
            label.branch == volume.branch, label.role == .holder, label.epoch > volume.epoch
        else { return nil }
        return label
    }

    /// Its cell still has the volume: the record follows the label.
    private mutating func adopt(
        _ volume: Revised<VolumeRecord>, _ label: VolumeLabel, for holder: MemberRecord,
        using generator: inout some RandomNumberGenerator
    ) {
        write(.volumeAdopt, volume, .volumeGranted, "is known again under epoch \(label.epoch)", using: &generator) {
            $0.phase = .held(by: holder.id)
            $0.epoch = label.epoch
            $0.sealedAt = label.epoch
            $0.isMade = true
            $0.origin = nil
        }
    }

    /// The hand-over to a holder: one transaction that only the volume's unchanged record allows.
    private mutating func grant(
        _ volume: Revised<VolumeRecord>, to member: MemberRecord, of app: AppRecord,
        using generator: inout some RandomNumberGenerator
    ) {
        guard !view.mustWait(volume.value) else { return }
        let epoch = volume.value.epoch.next(in: view.switches.generation)
        write(
            .volumeGrant, volume, .volumeGranted, "was granted to \(app.name)/\(member.index) under epoch \(epoch)",
            using: &generator
        ) {
            $0.epoch = epoch
            $0.phase = .held(by: member.id)
            $0.guardState = .off
            $0.replication = ReplicationState()
        }
    }

    private mutating func taken(_ volume: Revised<VolumeRecord>, using generator: inout some RandomNumberGenerator) {
        var next = volume.value
        next.isMade = true
        next.sealedAt = next.epoch
        next.origin = nil
        // Made before its cell held a session: from now on it is known which life of the cell has it.
        next.incarnation = next.incarnation ?? view.incarnation(of: next.cell)
        var writes: [RecordWrite] = [.put(.volume(next), expects: .revision(volume.revision))]
        if !volume.value.isMade {
            writes.append(
                event(.volumeMade, app: next.app, subject: Self.name(next), "was made, \(next.size)", using: &generator)
            )
        }
        add(.volumeTaken, "volume/\(next.id)", writes, for: .app(next.app))
    }

    /// The holder has stopped, and its cell sealed the volume under this epoch; or it never came to be.
    private mutating func release(
        _ volume: Revised<VolumeRecord>, from member: MemberRecord, of app: Revised<AppRecord>,
        using generator: inout some RandomNumberGenerator
    ) {
        guard let revision = view.members[member.id]?.revision,
            let status = report(of: member, atLeast: max(app.revision, volume.revision, revision)),
            status.phase == .stopped
        else { return }
        guard let found = reported(volume.value) else {
            guard !volume.value.isMade else { return }
            return write(.volumeRelease, volume, .volumeSealed, "was let go of before it was made", using: &generator) {
                $0.phase = .allotted
            }
        }
        guard let label = found.label, label.lineage == volume.value.lineage, label.sealed, !found.mounted else {
            return
        }
        // Under the older epoch: the holder stopped before it ever took it, and a copy that was to be promoted is still the copy that it was.
        let isTaken = label.epoch == volume.value.epoch
        guard isTaken || label.epoch == volume.value.sealedAt else { return }
        write(.volumeRelease, volume, .volumeSealed, "was sealed under epoch \(label.epoch)", using: &generator) {
            if isTaken { $0.origin = nil }
            $0.isMade = true
            $0.sealedAt = label.epoch
            $0.phase = .sealed
        }
    }

    private mutating func purge(
        _ volume: Revised<VolumeRecord>, and more: [RecordWrite] = [],
        using generator: inout some RandomNumberGenerator
    ) {
        write(.volumePurge, volume, .volumePurged, "is being purged", and: more, using: &generator) {
            $0.phase = .purging
        }
    }

    /// The cell follows the order to delete it, and has nothing of it any more; or what it may have is of a life before its own, and nobody's.
    private mutating func forget(_ volume: Revised<VolumeRecord>, using generator: inout some RandomNumberGenerator) {
        guard let report = reports[volume.value.cell], view.isFollowed(volume.revision, by: report),
            !report.volumes.contains(where: { $0.id == volume.value.id })
                || view.isReplaced(volume.value.incarnation, on: volume.value.cell)
        else { return }
        var writes: [RecordWrite] = [
            .delete(key: Record.volume(volume.value).key, kind: .volume, expects: .revision(volume.revision))
        ]
        if let status = view.volumeStatuses[volume.value.id] {
            writes.append(.delete(key: Record.volumeStatus(status.value).key, kind: .volumeStatus, expects: .any))
        }
        writes.append(
            event(
                .volumePurged, app: volume.value.app, subject: Self.name(volume.value), "was purged", using: &generator)
        )
        add(.volumeForget, "volume/\(volume.value.id)", writes, for: .app(volume.value.app))
    }

    func reported(_ volume: VolumeRecord) -> VolumeStatus? {
        reports[volume.cell]?.volumes.first { $0.id == volume.id }
    }

    mutating func write(
        _ name: ControllerEffectName, _ volume: Revised<VolumeRecord>, _ kind: EventName, _ message: String,
        and more: [RecordWrite] = [], using generator: inout some RandomNumberGenerator,
        _ change: (inout VolumeRecord) -> Void
    ) {
        var next = volume.value
        change(&next)
        let event = event(kind, app: next.app, subject: Self.name(next), message, using: &generator)
        add(
            name, "volume/\(next.id)", [.put(.volume(next), expects: .revision(volume.revision)), event] + more,
            for: .app(next.app))
    }

    static func name(_ volume: VolumeRecord) -> String { "volume \(volume.appName)/\(volume.index)" }
}
