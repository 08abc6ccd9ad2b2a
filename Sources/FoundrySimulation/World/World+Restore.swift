import FoundryModel
import FoundryRules

extension World {
    /// The newest backup is put back.
    func restoreStore() { if let backup { restoreStore(backup) } }

    /// Every two minutes.
    func backUp() {
        guard now.microseconds / 120_000_000 > backupNumber, !isStoreClosed else { return }
        backupNumber = now.microseconds / 120_000_000
        backup = store.backup
    }

    /// A backup of the store is put back: servers are stopped, every member starts from the backup, what that does not know is written into it, and
    /// servers start again.
    func restoreStore(_ image: StoreImage) {
        isStoreClosed = true
        for server in servers { server.endProcess() }
        store.restore(image, at: now)
        checker.restored(store)
        drainStore()
        restorePlans = []
        var view = PlatformView()
        for entry in store.truth.entries { view.put(entry.record, revision: entry.revision) }
        do throws(FoundryError) {
            restorePlans = try OperatorVerbs.restore(
                view: view, seen: newestGeneration, now: servers[0].now.wall, using: &random.people
            ).map(\.writes)
        } catch {
            people.refused += 1
        }
        restoreGoesOn()
    }

    /// Of those that the servers remember on their own disks.
    private var newestGeneration: UInt16 { servers.map(\.generationSeen).max() ?? 0 }

    /// The next transaction of the restore; after the last the servers start.
    func restoreGoesOn() {
        guard let next = restorePlans.first else {
            isStoreClosed = false
            for server in servers where server.machine.isOn && !server.process.isAlive {
                queue.push(
                    .restart(.server(server.index)),
                    after: random.boots.duration(in: .milliseconds(200)...(.seconds(3))))
            }
            return
        }
        restoreTry += 1
        let tag = StoreTag(server: -1, life: 0, call: restoreTry)
        let member = Int(restoreTry) % store.members.count
        _ = store.submit(.commit(next), to: member, from: store.members[member].node, tag: tag, at: now)
        drainStore()
        schedule(.restoreStep(restoreTry), after: .seconds(4))
    }

    /// A conflict means that an earlier try was done, and its answer lost.
    func peopleHear(_ call: Int32, _ answer: StoreAnswer) {
        guard isStoreClosed, call == restoreTry else { return }
        switch answer {
        case .committed, .conflict:
            restorePlans.removeFirst()
            restoreGoesOn()
        case .unavailable, .alive, .snapshot: break
        }
    }

    /// No answer came.
    func retryRestore(_ call: Int32) { if isStoreClosed, call == restoreTry { restoreGoesOn() } }
}
