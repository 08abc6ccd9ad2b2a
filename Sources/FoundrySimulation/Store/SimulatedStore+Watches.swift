import FoundryModel

extension SimulatedStore {
    /// Changes that are told at once.
    static var pageLimit: Int { 256 }
    /// How long a member keeps a watch whose client it can't reach.
    static var blockedLimit: SimulationDuration { .seconds(15) }
    /// After which a member without a leader says so to watches that asked for it.
    static var leaderlessLimit: SimulationDuration { .milliseconds(2_500) }

    /// Follows changes after a revision, as one member sees them. Everything comes in order, once, or a gap is told.
    ///
    /// A watch on a member that was cut off hangs without a word, unless it requires a leader; also then its end may not arrive.
    /// Clients keep deadlines of their own.
    mutating func watch(
        _ kinds: StoreKinds = .all, after revision: Int64, on member: Int, from client: NodeNumber, tag: Tag,
        requiresLeader: Bool = true, at now: SimulationTime
    ) -> WatchHandle {
        let number = nextNumber()
        let handle = watches.insert(
            Watch(
                client: client, member: member, tag: tag, kinds: kinds, requiresLeader: requiresLeader, number: number,
                position: revision))
        checker.watchBegan(number, after: revision)
        wake(handle, at: now)
        return handle
    }

    mutating func endWatch(_ handle: WatchHandle) {
        guard let watch = watches.remove(handle) else { return }
        checker.watchEnded(watch.number)
    }

    /// Lets the watches of a member, or all of them, look for news.
    mutating func wakeWatches(of member: Int?, at now: SimulationTime) {
        for place in 0..<watches.placeCount {
            guard let handle = watches.handle(at: place), member == nil || watches[handle]?.member == member else {
                continue
            }
            wake(handle, at: now)
        }
    }

    mutating func wake(_ handle: WatchHandle, at now: SimulationTime, after pause: SimulationDuration = .zero) {
        guard let watch = watches[handle], !watch.isWakePending else { return }
        watches[handle]?.isWakePending = true
        let wait = latencyRandom.heavyTail(least: .microseconds(200), most: .milliseconds(50))
        signals.append((.watch(handle), now + pause + wait * faults.slowness))
    }

    mutating func handleWatch(
        _ handle: WatchHandle, at now: SimulationTime, _ reach: some Reachability
    ) -> Delivery? {
        watches[handle]?.isWakePending = false
        guard let watch = watches[handle] else { return nil }
        guard watch.isNear(members[watch.member].node, reach) else { return block(handle, watch, at: now) }
        watches[handle]?.blockedSince = nil
        guard members[watch.member].isUp, !watch.isCondemned else { return breakWatch(handle, watch) }
        guard !members[watch.member].isPaused, !watch.isStuck else { return hang(handle, watch, at: now) }
        if let delivery = news(handle, watch, at: now) { return delivery }
        guard !members[watch.member].isConnected else {
            watches[handle]?.leaderlessSince = nil
            return nil
        }
        return hang(handle, watch, at: now)
    }

    private mutating func news(_ handle: WatchHandle, _ watch: Watch, at now: SimulationTime) -> Delivery? {
        let member = members[watch.member]
        let known = member.isConnected ? table.revision : member.seen
        if watch.position > table.revision || watch.position < history.compacted {
            return tellGap(handle, watch, resumeFrom: min(known, table.revision))
        }
        guard watch.position < known else { return nil }
        if faultRandom.happens(faults.watchGap) { return tellGap(handle, watch, resumeFrom: known) }
        var page: [StoreChange] = []
        var position = known
        history.forEach(after: watch.position, upTo: known) { change in
            if page.count >= Self.pageLimit, change.revision != page[page.count - 1].revision {
                position = change.revision - 1
                return false
            }
            if watch.kinds.contains(change.kind) { page.append(change) }
            return true
        }
        watches[handle]?.position = position
        if position < known { wake(handle, at: now) }
        checker.watchTold(watch.number, watch.kinds, page, upTo: position)
        guard !page.isEmpty else { return nil }
        return .news(handle, client: watch.client, watch.tag, .changes(page))
    }

    private mutating func tellGap(_ handle: WatchHandle, _ watch: Watch, resumeFrom revision: Int64) -> Delivery {
        counters.count(.storeWatchGap)
        let resumed = max(revision, history.compacted)
        watches[handle]?.position = resumed
        checker.watchGap(watch.number, resumeFrom: resumed)
        return .news(handle, client: watch.client, watch.tag, .gap(resumeFrom: resumed))
    }

    /// Its client can't be reached: the watch waits, and then ends unheard.
    private mutating func block(_ handle: WatchHandle, _ watch: Watch, at now: SimulationTime) -> Delivery? {
        if watch.blockedSince == nil { counters.count(.storeWatchHung) }
        let since = watch.blockedSince ?? now
        watches[handle]?.blockedSince = since
        if now - since > Self.blockedLimit {
            endWatch(handle)
        } else {
            wake(handle, at: now, after: .milliseconds(250))
        }
        return nil
    }

    /// Its member hears no leader: there is no news, and mostly no word of it.
    private mutating func hang(_ handle: WatchHandle, _ watch: Watch, at now: SimulationTime) -> Delivery? {
        if watch.leaderlessSince == nil { counters.count(.storeWatchHung) }
        let since = watch.leaderlessSince ?? now
        watches[handle]?.leaderlessSince = since
        if members[watch.member].isPaused { wake(handle, at: now, after: .milliseconds(250)) }
        guard watch.requiresLeader, !members[watch.member].isPaused, !watch.isStuck else { return nil }
        if now - since >= Self.leaderlessLimit { return breakWatch(handle, watch) }
        wake(handle, at: now, after: .milliseconds(500))
        return nil
    }

    private mutating func breakWatch(_ handle: WatchHandle, _ watch: Watch) -> Delivery {
        counters.count(.storeWatchBroken)
        endWatch(handle)
        return .news(handle, client: watch.client, watch.tag, .broken)
    }
}

extension SimulatedStore.Watch {
    fileprivate func isNear(_ node: NodeNumber, _ reach: some Reachability) -> Bool {
        node == client || (reach.isOpen(from: node, to: client) && reach.isOpen(from: client, to: node))
    }
}
