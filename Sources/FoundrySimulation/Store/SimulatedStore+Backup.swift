/// A backup of the store: everything as of one revision.
struct StoreImage {
    fileprivate var table: StoreTable
    var revision: Int64 { table.revision }
}

extension SimulatedStore {
    var backup: StoreImage { StoreImage(table: table) }

    /// Every member starts anew from a backup: revisions go back, what came after it is gone, watches break, and requests get no answer.
    mutating func restore(_ image: StoreImage, at now: SimulationTime) {
        counters.count(.storeRestored)
        for ticket in operations.handles { operations.remove(ticket) }
        table = image.table
        history.restart(at: image.revision)
        checker.restart(from: table)
        for member in members.indices {
            members[member].table = table
            members[member].seen = table.revision
            members[member].deposedUntil = .zero
        }
        leader = nil
        electionEnds = now + electionRandom.duration(in: Self.electionTime)
        membership += 1
        for watch in watches.handles { watches[watch]?.isCondemned = true }
        wakeWatches(of: nil, at: now)
    }

    /// Forgets the history but for its newest changes: watches that have not seen the rest are told of a gap.
    mutating func compact(keeping count: Int, at now: SimulationTime) {
        guard history.count > count else { return }
        counters.count(.storeCompacted)
        for member in members.indices { bringUpToDate(member, at: now) }
        history.compact(to: history.revision(beforeLast: count))
        checker.compacted(to: history.compacted)
    }
}
