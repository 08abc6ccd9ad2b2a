import FoundryModel
import FoundryRules

extension ServerNode {
    /// Asks the store, and waits for so long.
    func call(_ request: StoreRequest, _ work: StoreWork, limit: SimulationDuration = .seconds(3)) {
        nextCall &+= 1
        let number = nextCall
        let tag = StoreTag(server: index, life: process.life, call: number)
        let ticket = world.store.submit(request, to: member, from: node, tag: tag, at: world.now)
        let timer = world.queue.push(.server(Int16(index), life: process.life, .callTimeout(number)), after: limit)
        calls[number] = StoreCall(work: work, member: member, ticket: ticket, timer: timer)
        world.drainStore()
    }

    func answered(_ number: Int32, _ answer: StoreAnswer) {
        guard let call = calls.removeValue(forKey: number) else { return }
        world.queue.cancel(call.timer)
        if case .unavailable = answer { leave(call.member) }
        finish(call.work, answer)
    }

    /// What became of it is not known.
    func timedOut(_ number: Int32) {
        guard let call = calls.removeValue(forKey: number) else { return }
        world.store.abandon(call.ticket)
        leave(call.member)
        finish(call.work, nil)
    }

    /// Another member is asked from now on, unless that was decided already: calls fail in swarms.
    private func leave(_ failed: Int) {
        if failed == member { member = (member + 1) % world.store.members.count }
    }

    private func finish(_ work: StoreWork, _ answer: StoreAnswer?) {
        switch work {
        case .load: loaded(answer)
        case .beat: break
        case .effect(let effect): ended(effect, answer)
        case .sessionRead(let call): sessionRead(call, answer)
        case .sessionCommit(let call, let words): sessionCommitted(call, words, answer)
        case .sessionKeepAlive(let call): sessionKeptAlive(call, answer)
        case .order(let order): world.orderEnded(order, answer)
        case .service(let number): world.serviceAnswered(number, answer)
        }
    }

    // The watch.

    /// Reads everything, and follows what comes after it.
    func load() {
        guard !isLoading else { return }
        isLoading = true
        if let watch { world.store.endWatch(watch) }
        watch = nil
        readAll()
    }

    func readAll() { call(.read(.all), .load) }

    private func loaded(_ answer: StoreAnswer?) {
        // Until everything was read, its view may be empty: it sends no orders.
        guard case .snapshot(let snapshot)? = answer else {
            world.queue.push(.server(Int16(index), life: process.life, .load), after: .milliseconds(200))
            return
        }
        isLoading = false
        take(snapshot)
        // It has just become the controller, and reads everything once more.
        guard !isLoading else { return }
        heardAt = world.now
        watchMember = member
        watch = world.store.watch(
            after: snapshot.revision, on: member, from: node,
            tag: StoreTag(server: index, life: process.life, call: 0), at: world.now)
        world.drainStore()
    }

    private func take(_ snapshot: StoreSnapshot) {
        var found = [Int64](repeating: 0, count: known.count)
        for entry in snapshot.entries {
            while found.count <= Int(entry.key) { found.append(0) }
            found[Int(entry.key)] = entry.revision
        }
        for key in known.indices where known[key] != 0 && found[key] == 0 {
            remove(world.store.text(of: StoreKeyNumber(key)), snapshot.revision)
        }
        for entry in snapshot.entries {
            let old = Int(entry.key) < known.count ? known[Int(entry.key)] : 0
            if old != entry.revision || isFresh { put(entry.record, entry.revision) }
        }
        known = found
        isFresh = false
        markAll()
        seen()
    }

    func take(_ news: WatchNews) {
        heardAt = world.now
        switch news {
        case .changes(let changes):
            for change in changes {
                while known.count <= Int(change.key) { known.append(0) }
                if let record = change.record {
                    known[Int(change.key)] = change.revision
                    put(record, change.revision)
                } else {
                    known[Int(change.key)] = 0
                    remove(world.store.text(of: change.key), change.revision)
                }
            }
            seen()
        case .gap:
            if Planted.has(.watchGapIgnored) { return }
            loseSight()
            load()
        case .broken:
            watch = nil
            leave(watchMember)
            loseSight()
            load()
        }
    }

    /// What was counted on the store's silence counts no more.
    private func loseSight() {
        beat.restart(now: now.monotonic)
        feedController(.lostSight)
    }

    /// The holder's beat comes every second: a watch that says nothing for long hangs.
    func checkWatch() {
        world.queue.push(.server(Int16(index), life: process.life, .watchDeadline), after: .seconds(2))
        guard !isLoading, world.now - heardAt > .seconds(6) else { return }
        leave(watchMember)
        loseSight()
        load()
    }

    private func put(_ record: Record, _ revision: Int64) {
        mark(record)
        if isController {
            feedController(.record(record, revision: revision))
        } else {
            putPlain(record, revision: revision)
        }
        mark(record)
    }

    private func remove(_ key: String, _ revision: Int64) {
        mark(removed: key)
        if isController {
            feedController(.removed(key: key, revision: revision))
        } else {
            removePlain(key: key, revision: revision)
        }
    }

    /// Everything that the watch has brought is in the view.
    private func seen() {
        generationSeen = max(generationSeen, view.switches.generation)
        beat.see(view, now: now.monotonic)
        followTerm()
        if isLoading { return }
        feedController(.caughtUp)
        runBeat()
        armWake()
        scheduleFlush()
    }
}
