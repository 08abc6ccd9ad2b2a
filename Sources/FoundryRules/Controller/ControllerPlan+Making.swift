import FoundryModel

/// Volumes that are made from snapshots, and those that take the place of an app's.
extension ControllerPlan {
    /// Its cell says that it is there, or why it cannot be.
    mutating func make(_ volume: Revised<VolumeRecord>, using generator: inout some RandomNumberGenerator) {
        let status = reported(volume.value)
        if let label = status?.label {
            guard label.volume == volume.value.id, label.lineage == volume.value.lineage,
                label.branch == volume.value.branch
            else {
                let foreign = FoundryError(
                    .volumeForeign, "Volume \(volume.value.id.short) exists with other data; it is left as it is.",
                    hint: "foundry volumes")
                return giveUp(volume, foreign, using: &generator)
            }
            write(
                .volumeTaken, volume, .volumeMade, "was made from a snapshot, \(volume.value.size)", using: &generator
            ) {
                $0.isMade = true
                // None; more where the store was restored from before it was first held.
                $0.epoch = max($0.epoch, label.epoch)
                $0.sealedAt = label.epoch
            }
        } else if let problem = status?.problem ?? loss(of: volume.value) {
            giveUp(volume, problem, using: &generator)
        }
    }

    /// It was not taken, or was removed before anything was made of it.
    private func loss(of volume: VolumeRecord) -> FoundryError? {
        switch volume.source.flatMap({ view.snapshots[$0.snapshot] })?.value.state {
        case .asked, .taken: nil
        case .removing, nil: FoundryError(.conflict, "The snapshot for the disk of \(volume.appName) is gone.")
        }
    }

    /// A clone goes with its disk; an app that was to go back goes on as it is. Who waits is told why, in the same transaction.
    private mutating func giveUp(
        _ volume: Revised<VolumeRecord>, _ problem: FoundryError, using generator: inout some RandomNumberGenerator
    ) {
        var more = failed(volume.value.id, problem)
        var words = "could not be made from a snapshot: \(problem.message)"
        if volume.value.replaces != nil {
            words += " The app goes on with the disk that it has."
        } else if let app = view.apps[volume.value.app] {
            var gone = app.value
            gone.desired = .deleted(purge: true)
            gone.updatedAt = now
            more.append(.put(.app(gone), expects: .revision(app.revision)))
        }
        write(.volumeUnmake, volume, .volumeUnmade, words, and: more, using: &generator) {
            $0.replaces = nil
            $0.phase = .purging
        }
    }

    private func failed(_ volume: VolumeID, _ problem: FoundryError) -> [RecordWrite] {
        let waiting = view.jobs.values.filter { $0.value.volume == volume && $0.value.state == .processing }
        return waiting.sorted { $0.value.id < $1.value.id }.map { job in
            var ended = job.value
            ended.state = .failed(problem)
            ended.updatedAt = now
            return .put(.job(ended), expects: .revision(job.revision))
        }
    }

    /// One that is there takes the place of its app's, as soon as that one's holder has stopped; until it is there, nothing happens to the app.
    mutating func replace(_ volume: Revised<VolumeRecord>, using generator: inout some RandomNumberGenerator) {
        guard let app = view.apps[volume.value.app], app.value.desired.isToStay,
            let old = volume.value.replaces.flatMap({ view.volumes[$0] }),
            let holder = view.member(with: old.value.id).flatMap({ view.members[$0.id] })
        else { return leave(volume, using: &generator) }
        guard volume.value.isMade else { return make(volume, using: &generator) }
        if view.shallRun(holder.value, of: app.value) { return stand(holder.value.id, down: true, app) }
        guard isLetGo(old, by: holder, of: app) else { return }
        swap(old, for: volume, of: holder, app, using: &generator)
    }

    /// Its app is gone, or going: what was made of a snapshot goes with it, what was kept stays kept.
    private mutating func leave(
        _ volume: Revised<VolumeRecord>, using generator: inout some RandomNumberGenerator
    ) {
        let isKept = volume.value.phase != .allotted
        write(
            .volumeReplace, volume, isKept ? .volumeKept : .volumePurged,
            isKept ? "stays a copy: its app is gone" : "is being purged: its app is gone", using: &generator
        ) {
            $0.replaces = nil
            if !isKept { $0.phase = .purging }
        }
    }

    /// Nobody can write to it any more: its cell sealed it; or its holder has stopped, and nobody will ever seal it, because it is missing or another's.
    private func isLetGo(
        _ old: Revised<VolumeRecord>, by holder: Revised<MemberRecord>, of app: Revised<AppRecord>
    ) -> Bool {
        guard case .held = old.value.phase else { return true }
        guard let status = report(of: holder.value, atLeast: max(app.revision, old.revision, holder.revision)),
            status.phase == .stopped, let report = reports[old.value.cell]
        else { return false }
        return !VolumeRule.canBeSealed(old.value, status: reported(old.value), machineID: report.machineID)
    }

    /// One transaction of both volumes and the member: there is no moment at which the app has both, or none.
    private mutating func swap(
        _ old: Revised<VolumeRecord>, for volume: Revised<VolumeRecord>, of holder: Revised<MemberRecord>,
        _ app: Revised<AppRecord>, using generator: inout some RandomNumberGenerator
    ) {
        var kept = old.value
        kept.phase = .forked(since: now)
        kept.guardState = .off
        kept.replication = ReplicationState()
        var member = holder.value
        member.volume = volume.value.id
        member.turn += 1
        member.standsDown = false
        let check = RecordWrite.unchanged(app)
        let words = "takes the place of \(old.value.id.short), which is kept; it is branch \(volume.value.branch)"
        write(
            .volumeReplace, volume, .volumeRewound, words,
            and: [
                .put(.volume(kept), expects: .revision(old.revision)),
                .put(.member(member), expects: .revision(holder.revision)), check,
            ], using: &generator
        ) {
            $0.replaces = nil
            $0.phase = .sealed
            $0.epoch = max($0.epoch, old.value.epoch)
            // It may have grown meanwhile.
            $0.size = max($0.size, old.value.size)
        }
    }
}

extension DesiredState {
    /// It is not deleted.
    var isToStay: Bool {
        if case .deleted = self { return false }
        return true
    }
}
