import FoundryModel
import FoundryRules

extension WorldChecker {
    /// Looks at what the store has agreed on since the last look. To be called after each of its steps.
    @inline(__always)
    func follow(_ store: WorldStore, in world: World) {
        if store.revision != seenRevision { take(store, world) }
    }

    /// The store goes on from a backup.
    func restored(_ store: WorldStore) {
        truth = PlatformView()
        wasRestored = true
        for entry in store.truth.entries { truth.put(entry.record, revision: entry.revision) }
        seenRevision = store.revision
        tokens.restored()
        brake.restored()
        placement.restored()
        removedUsers.restored(truth, revision: store.revision)
        servicesGone.restored(truth)
        servicesKept.restored(truth)
    }

    /// People said of cells that nobody has heard since a restore that they are off: what only they have stays there, and the others go on without.
    private func noteUnheard(_ next: ClusterRecord, _ world: World) {
        for id in truth.switches.unheard.subtracting(next.unheard) {
            let isGivenUp = truth.fences.values.contains {
                $0.value.cell == id && $0.value.state == .open && $0.value.hasWordOfPerson
            }
            guard isGivenUp, let index = world.names.index(of: id) else { continue }
            let disk = world.cells[index].disk
            for (volume, owner) in owners {
                let number = world.numbers.volume(volume)
                guard disk.data(ofVolume: number) != nil else { continue }
                let file = DiskFile(.outerLabel, number)
                if case .value(.label(let label)) = disk.durableContents(of: file),
                    truth.volumeStatuses[volume]?.value.label == label
                {
                    continue
                }
                acknowledgements.goOnFromFork(app: world.track(world.workload(of: owner.app), owner.lineage))
                writers.goOnWithout(lineage: world.numbers.lineage(owner.lineage))
                routes.goOnWithout(lineage: owner.lineage)
            }
        }
    }

    private func take(_ store: WorldStore, _ world: World) {
        var commit = Commit(revision: 0, time: world.now, changes: [])
        var keys: [StoreKeyNumber] = []
        store.history.forEach(after: seenRevision, upTo: store.revision) { change in
            if change.revision != commit.revision {
                finish(&commit, keys, store, world)
                keys.removeAll(keepingCapacity: true)
                commit.revision = change.revision
            }
            keys.append(change.key)
            commit.changes.append(Commit.Change(old: nil, new: change.record))
            return true
        }
        finish(&commit, keys, store, world)
        seenRevision = store.revision
        if let defect = store.checker.violations.first {
            report(Violation(.storeLinearizable, at: world.now, "the store itself is wrong: \(defect)"))
        }
    }

    private func finish(_ commit: inout Commit, _ keys: [StoreKeyNumber], _ store: WorldStore, _ world: World) {
        guard !keys.isEmpty else { return }
        for index in keys.indices {
            commit.changes[index].old = old(commit.changes[index].new, keys[index], store)
        }
        judge(commit, world)
        for (key, change) in zip(keys, commit.changes) {
            if case .volume(let volume)? = change.new, volume.phase == .purging { condemned.insert(volume.id) }
            if case .volume(let volume)? = change.new, change.old == nil {
                owners[volume.id] = (volume.app, volume.lineage)
            }
            if change.new == nil, case .app(let app)? = change.old {
                acknowledgements.delete(
                    app: world.workload(of: app.id), purge: app.desired == .deleted(purge: true))
            }
            if let new = change.new {
                if case .event(let event) = new {
                    if event.kind == .volumeAdopted, let app = event.app {
                        acknowledgements.goOnFromFork(app: world.workload(of: app))
                    }
                    tell?(world.now, event.actor, "\(event.subject) \(event.message)")
                    continue
                }
                if case .term(let term) = new {
                    tell?(world.now, "store", "\(term.holder?.description ?? "") takes term \(term.term)")
                }
                if case .app(let app) = new { world.noteWorkload(app) }
                if case .cluster(let cluster) = new { noteUnheard(cluster, world) }
                truth.put(new, revision: commit.revision)
            } else {
                truth.remove(key: store.text(of: key), revision: commit.revision)
            }
        }
        for case .member(let member)? in commit.changes.lazy.map(\.new) { routes.note(member, truth) }
        report(placement.commit(commit, truth: truth))
        report(servicesOnce.commit(commit, truth: truth))
        events.count(commit)
        commit.changes.removeAll(keepingCapacity: true)
    }

    /// What the record was before; nil for kinds that nobody is judged by.
    private func old(_ new: Record?, _ key: StoreKeyNumber, _ store: WorldStore) -> Record? {
        switch new {
        case .session(let session): truth.sessions[session.cell].map { .session($0.value) }
        case .volume(let volume): truth.volumes[volume.id].map { .volume($0.value) }
        case .member(let member): truth.members[member.id].map { .member($0.value) }
        case .fence(let fence): truth.fences[fence.id].map { .fence($0.value) }
        case .app(let app): truth.apps[app.id].map { .app($0.value) }
        case .cell(let cell): truth.cells[cell.id].map { .cell($0.value) }
        case .cluster: truth.cluster.map { .cluster($0.value) }
        case .term: truth.term.map { .term($0.value) }
        case .instance(let instance): truth.instances[instance.id].map { .instance($0.value) }
        case .binding(let binding): truth.bindings[binding.id].map { .binding($0.value) }
        case .route, .job, .event, .status, .volumeStatus, .beat, .token, .logDrain, .snapshot, .release,
            .brokerCredential, .names:
            nil
        case nil: truth.record(of: store.text(of: key))
        }
    }

    private func judge(_ commit: Commit, _ world: World) {
        let timing = world.configuration.timing
        let machine: (CellID) -> MachineTruth? = { self.machine($0, in: world) }
        let canWrite: (VolumeID, Int, Epoch) -> Bool = { volume, cell, epoch in
            self.writers.canWrite(world.numbers.volume(volume), on: cell, upTo: epoch)
        }
        report(tokens.commit(commit))
        report(evidence.commit(commit, truth: truth, canWrite: canWrite, timing: timing, machine: machine))
        report(guards.commit(commit, truth: truth, canWrite: canWrite, timing: timing, machine: machine))
        report(brake.commit(commit, truth: truth, timing: timing))
        report(moves.commit(commit) { truth.apps[$0]?.value.rollout != nil })
        report(keeps.commit(commit, truth: truth))
        removedUsers.commit(commit)
        report(servicesGone.commit(commit, truth: truth))
        report(servicesKept.commit(commit, truth: truth))
    }
}
