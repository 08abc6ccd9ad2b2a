/// A network node: a machine, by its number. Messages between processes of one machine never leave it.
typealias NodeNumber = Int

/// One direction between two nodes is cut, or comes back, at a time: what a partition is made of.
struct LinkChange: Hashable, Sendable {
    var time: SimulationTime
    var from: NodeNumber
    var to: NodeNumber
    /// False: this cut ends. A link that two partitions have cut is open again when both have ended.
    var isCut: Bool
}

/// A partition as a list of changes in the order of their times. The world pushes each into its queue and applies it when its time comes:
///
///     for change in PartitionPlan.symmetric([0, 1], [2, 3, 4], from: now, to: now + .seconds(20)).changes {
///         queue.push(.link(change), at: change.time)
///     }
///     // later
///     network.apply(change)
///
/// Every cut of a plan ends in the same plan.
struct PartitionPlan: Sendable {
    let kind: FaultKind
    private(set) var changes: [LinkChange]

    private init(_ kind: FaultKind, _ changes: [LinkChange]) {
        self.kind = kind
        // Stable where times are the same: the order in which they were made.
        self.changes = changes.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            .map(\.element)
    }

    /// Neither side hears the other.
    static func symmetric(
        _ left: [NodeNumber], _ right: [NodeNumber], from start: SimulationTime, to end: SimulationTime
    ) -> Self {
        Self(.partitionSymmetric, cut(pairs(left, right) + pairs(right, left), start, end))
    }

    /// What `senders` say does not arrive at `receivers`; the other way it does.
    static func oneWay(
        _ senders: [NodeNumber], _ receivers: [NodeNumber], from start: SimulationTime, to end: SimulationTime
    ) -> Self {
        Self(.partitionOneWay, cut(pairs(senders, receivers), start, end))
    }

    /// Some pairs don't hear each other, while both hear all others.
    static func partial(
        _ nodes: [NodeNumber], share: Rate, from start: SimulationTime, to end: SimulationTime,
        using random: inout SimulationRandom
    ) -> Self {
        var links: [(NodeNumber, NodeNumber)] = []
        for (left, right) in pairs(nodes, nodes) where left < right && random.happens(share) {
            links += [(left, right), (right, left)]
        }
        return Self(.partitionPartial, cut(links, start, end))
    }

    /// The links between two sides are cut one by one in a random order, and come back in another.
    ///
    /// - Source: FoundationDB's "swizzle-clogging".
    static func swizzled(
        _ left: [NodeNumber], _ right: [NodeNumber], from start: SimulationTime, to end: SimulationTime,
        using random: inout SimulationRandom
    ) -> Self {
        let third = SimulationDuration(microseconds: (end - start).microseconds / 3)
        var changes: [LinkChange] = []
        for (from, to) in pairs(left, right) + pairs(right, left) {
            let cut = start + random.duration(in: .zero...third)
            let back = end - random.duration(in: .zero...third)
            changes += [
                LinkChange(time: cut, from: from, to: to, isCut: true),
                LinkChange(time: back, from: from, to: to, isCut: false),
            ]
        }
        return Self(.partitionSwizzled, changes)
    }

    /// Both sides lose and find each other again and again; the times of each state are drawn from `period`.
    static func flapping(
        _ left: [NodeNumber], _ right: [NodeNumber], from start: SimulationTime, to end: SimulationTime,
        period: ClosedRange<SimulationDuration>, using random: inout SimulationRandom
    ) -> Self {
        precondition(period.lowerBound > .zero, "time must pass between two changes")
        let links = pairs(left, right) + pairs(right, left)
        var changes: [LinkChange] = []
        var time = start
        while time < end {
            let back = min(end, time + random.duration(in: period))
            changes += cut(links, time, back)
            time = back + random.duration(in: period)
        }
        return Self(.partitionFlapping, changes)
    }

    private static func pairs(_ left: [NodeNumber], _ right: [NodeNumber]) -> [(NodeNumber, NodeNumber)] {
        left.flatMap { from in right.filter { $0 != from }.map { (from, $0) } }
    }

    private static func cut(
        _ links: [(NodeNumber, NodeNumber)], _ start: SimulationTime, _ end: SimulationTime
    ) -> [LinkChange] {
        links.flatMap { from, to in
            [
                LinkChange(time: start, from: from, to: to, isCut: true),
                LinkChange(time: end, from: from, to: to, isCut: false),
            ]
        }
    }
}
