import FoundryModel

extension OperatorVerbs {
    /// Writes in one transaction: fewer than any store's limit.
    static let restoreBatch = 100

    /// What must be written into a store that was restored from a backup, before any server uses it: the backup does not know what happened after it.
    ///
    /// The generation grows, and with it every epoch and term that is granted from now on; every cell counts as unheard; sessions end, fences are lifted,
    /// guards are off, and no replica counts as current. The term ends: revisions went back, so cells and routers follow new orders by a newer term only.
    /// - Parameter seen: the newest generation that any server remembers on its own disk: the backup may be from before an earlier restore.
    /// - Parameter takenAt: when the backup was taken; nil: not known.
    /// - Returns: transactions in the order in which they are committed; after the first nothing can be started or handed over.
    /// - Source: design 5.10.
    public static func restore(
        view: PlatformView, seen: UInt16, takenAt: Timestamp? = nil, now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> [OperatorPlan] {
        var cluster = view.switches
        let newest = max(cluster.generation, seen)
        guard newest < UInt16.max else {
            throw FoundryError(.conflict, "The store was restored 65535 times: no generation is left.")
        }
        if !Planted.has(.restoreWithoutGeneration) { cluster.generation = newest + 1 }
        cluster.brake = nil
        cluster.restore = StoreRestore(at: now, takenAt: takenAt)
        cluster.unheard = Set(view.cells.keys).union(view.volumes.values.map(\.value.cell))
        let message = "the store was restored from a backup: generation \(cluster.generation)"
        var plans = [
            OperatorPlan(
                name: "store.restore",
                writes: [
                    .put(.cluster(cluster), expects: .seen(view.cluster)),
                    event(.storeRestored, "cluster", message, now, &generator),
                ] + endedTerm(view), message: message)
        ]
        var rest = forgottenSessions(view) + liftedFences(view, now) + unguardedVolumes(view)
        while !rest.isEmpty {
            plans.append(
                OperatorPlan(name: "store.restore", writes: Array(rest.prefix(restoreBatch)), message: message))
            rest.removeFirst(min(restoreBatch, rest.count))
        }
        return plans
    }

    private static func endedTerm(_ view: PlatformView) -> [RecordWrite] {
        guard let term = view.term else { return [] }
        return [.delete(key: RecordKind.term.prefix, kind: .term, expects: .revision(term.revision))]
    }

    private static func forgottenSessions(_ view: PlatformView) -> [RecordWrite] {
        view.sessions.values.sorted { $0.value.cell < $1.value.cell }.map {
            .delete(key: Record.session($0.value).key, kind: .session, expects: .revision($0.revision))
        }
    }

    private static func liftedFences(_ view: PlatformView, _ now: Timestamp) -> [RecordWrite] {
        view.fences.values.filter { $0.value.state == .open }.sorted { $0.value.id < $1.value.id }.map { fence in
            var next = fence.value
            next.state = .lifted(at: now)
            return .put(.fence(next), expects: .revision(fence.revision))
        }
    }

    private static func unguardedVolumes(_ view: PlatformView) -> [RecordWrite] {
        view.volumes.values.sorted { $0.value.id < $1.value.id }.compactMap { volume in
            var next = volume.value
            next.guardState = .off
            if !Planted.has(.restoreKeepsReplicas) { next.replication = ReplicationState() }
            return next == volume.value ? nil : .put(.volume(next), expects: .revision(volume.revision))
        }
    }
}
