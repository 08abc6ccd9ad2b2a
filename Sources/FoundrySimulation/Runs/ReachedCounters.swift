import FoundryModel

/// What runs have reached: a run of many seeds fails when something was never seen, for then it was never tested.
public struct ReachedCounters: Sendable {
    /// By name, in the order of their declarations: `fault powerLoss`, `step handOver`, `evidence word`.
    public private(set) var counts: [(name: String, count: Int)]

    public init() { counts = [] }

    init(counts: [(name: String, count: Int)]) { self.counts = counts }

    /// Adds what another run reached.
    public mutating func add(_ other: ReachedCounters) {
        if counts.isEmpty { return counts = other.counts }
        for (index, entry) in other.counts.enumerated() where index < counts.count {
            counts[index].count += entry.count
        }
    }

    /// What was seen less than `least` times, leaving out what cannot be expected.
    public func missing(least: Int, except expected: Set<String> = []) -> [String] {
        counts.filter { $0.count < least && !expected.contains($0.name) }.map(\.name)
    }

    /// What was seen least often, leaving out what cannot be expected.
    public func rarest(_ most: Int, except expected: Set<String> = []) -> [(name: String, count: Int)] {
        let sorted = counts.filter { !expected.contains($0.name) }.sorted { $0.count < $1.count }
        return Array(sorted.prefix(most))
    }
}

extension ReachedCounters {
    /// What no run can be expected to reach: it needs something that the simulated world has not got.
    public static let unexpected: Set<String> = [
        // Cells replace small files whole: only a planted bug writes in place.
        "fault diskWriteTorn",
        // Engines read their logs to the first hole, so what is behind one is as good as gone.
        "fault diskWritesReordered",
        // Its disks have one pace, and sync as they are told; nobody there asks for more room.
        "effect volume.tune", "effect volume.grow", "effect container.limit",
        // Its images declare no readiness, and nobody changes checks.
        "event member.unready", "event app.health_changed",
        // Nobody there asks for a token: none is a matter of the rules' machines.
        "event token.created", "event token.revoked",
        // On platforms of several machines no snapshots are taken, and nothing is made from them.
        "effect snapshot.take", "effect snapshot.delete", "step snapshot.taken", "step snapshot.fail",
        "step snapshot.forget", "event snapshot.taken", "event snapshot.failed", "event snapshot.removed",
        "effect volume.clone", "step snapshot.release", "step volume.replace", "step volume.unmake",
        "event volume.rewound", "event volume.unmade", "event app.cloned", "event app.rewound",
        // Members that know each other lie on one cell, and placement here spreads them: nobody there asks for a cluster.
        "effect member.hosts", "step member.leave",
        // Of a service that is deleted with more than fifty bindings: some two hundred seeds may go by without one.
        "step binding.forget",
        // What stands before these catches nearly everything: an older disk is told by its session, older routes by their term. They are second lines,
        // which the machines' own tests reach.
        "refusal volume older", "refusal volume unsealed", "refusal routes older", "refusal route of older epoch",
    ]
}
