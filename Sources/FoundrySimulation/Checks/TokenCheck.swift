import FoundryModel
import FoundryRules

/// Terms, sequences of sessions and epochs only grow; judged over restarts of everything, and over restores of the store.
struct TokenCheck {
    /// What a lineage's branch was last granted under, whatever the store has forgotten since.
    private struct Grant {
        var lineage: LineageID
        var branch: Int
        var epoch: Epoch
        var holder: VolumeID
    }

    private var newestTerm = Term(0)
    /// When it was taken.
    private(set) var termSince: SimulationTime?
    /// The machine that each incarnation was first seen on.
    private var homes: [IncarnationID: String] = [:]
    /// Who held the term at which revision, oldest first.
    private var terms: [(revision: Int64, record: TermRecord)] = []
    private var grants: [Grant] = []
    private var expired: Set<SessionID> = []
    private var generation: UInt16 = 0

    init() {}

    mutating func commit(_ commit: Commit) -> Violation? {
        for change in commit.changes {
            let violation: Violation? =
                switch (change.old, change.new) {
                case (_, .term(let term)?): see(term, commit)
                case (let old, .session(let session)?): see(session, before: old, commit)
                case (let old, .cluster(let cluster)?): see(cluster, before: old, commit)
                default: nil
                }
            if let violation { return violation }
        }
        for (old, new) in commit.volumes {
            guard let new else { continue }
            if let old, new.epoch < old.epoch {
                return Violation(
                    .tokensGrow, at: commit.time, "volume \(new.id) went from epoch \(old.epoch) to \(new.epoch)")
            }
            // After a restore the record follows the label, which may be older than a grant that the store forgot and nobody took: that is no grant.
            let isAdoption = old != nil && new.epoch != old?.epoch && new.sealedAt == new.epoch && generation > 0
            if new.holder != nil, !isAdoption, old?.holder == nil || old?.epoch != new.epoch,
                let violation = grant(new, commit)
            {
                return violation
            }
        }
        return nil
    }

    /// The store was restored: revisions went back.
    mutating func restored() {
        terms = []
    }

    /// The term that was in force when a revision was written; nil where that is not known any more.
    func term(at revision: Int64) -> TermRecord? { terms.last { $0.revision <= revision }?.record }

    private mutating func see(_ term: TermRecord, _ commit: Commit) -> Violation? {
        guard term.term > newestTerm else {
            return Violation(
                .tokensGrow, at: commit.time,
                "term \(term.term) was taken by \(term.holder?.description ?? "a server") after term \(newestTerm)")
        }
        newestTerm = term.term
        termSince = commit.time
        terms.append((commit.revision, term))
        if terms.count > 64 { terms.removeFirst(32) }
        return nil
    }

    private mutating func see(_ session: SessionRecord, before: Record?, _ commit: Commit) -> Violation? {
        if case .session(let old)? = before {
            let isExpiry = old.state == .alive && session.state != .alive
            if session.session == old.session,
                isExpiry ? session.sequence < old.sequence : session.sequence <= old.sequence
            {
                return Violation(
                    .tokensGrow, at: commit.time,
                    "the session of cell \(session.cell) went from sequence \(old.sequence) to \(session.sequence)")
            }
        }
        if let home = homes[session.incarnation], home != session.machineID {
            return Violation(
                .neverEmpty, at: commit.time,
                "a copy of the disk of cell \(session.cell) holds a session on another machine under the same incarnation"
            )
        }
        homes[session.incarnation] = session.machineID
        guard session.state == .alive else {
            expired.insert(session.session)
            return nil
        }
        guard !expired.contains(session.session) else {
            return Violation(
                .tokensGrow, at: commit.time, "the expired session of cell \(session.cell) was renewed")
        }
        return nil
    }

    private mutating func see(_ cluster: ClusterRecord, before: Record?, _ commit: Commit) -> Violation? {
        guard cluster.generation >= generation else {
            return Violation(
                .tokensGrow, at: commit.time,
                "the cluster went from generation \(generation) to \(cluster.generation)")
        }
        generation = cluster.generation
        return nil
    }

    /// No epoch is granted twice for one branch, and none below one that was granted before.
    private mutating func grant(_ volume: VolumeRecord, _ commit: Commit) -> Violation? {
        guard let place = grants.firstIndex(where: { $0.lineage == volume.lineage && $0.branch == volume.branch })
        else {
            grants.append(
                Grant(lineage: volume.lineage, branch: volume.branch, epoch: volume.epoch, holder: volume.id))
            return nil
        }
        let last = grants[place]
        guard volume.epoch > last.epoch || (volume.epoch == last.epoch && volume.id == last.holder) else {
            return Violation(
                .tokensGrow, at: commit.time,
                "volume \(volume.id) was granted under epoch \(volume.epoch); volume \(last.holder) of the same branch had epoch \(last.epoch)"
            )
        }
        grants[place].epoch = volume.epoch
        grants[place].holder = volume.id
        return nil
    }
}
