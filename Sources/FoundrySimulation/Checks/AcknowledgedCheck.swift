import FoundryModel

/// No acknowledged write is lost, beyond what the workload's contract allows.
///
/// A client numbers its writes, each app's by themselves. What was acknowledged must be there whenever a holder starts, and at the end.
struct AcknowledgedCheck {
    private struct App {
        var policy: RestartPolicy
        var isCounted = false
        /// In order; most often one range.
        var acknowledged: [Range<Int64>] = []
        /// What a new branch begun without; it lies in a fork.
        var leftBehind: [Range<Int64>] = []
        /// Lost within the contract's milliseconds.
        var forgiven: [Range<Int64>] = []
        /// A fault destroyed or took back the data itself, and no rule could have known.
        var isExcused = false
        /// An older state of its disk came back, maybe one of before its first write.
        var isTakenBack = false
        /// When nothing is left in reach, it begins anew, empty.
        var mayBeginEmpty = false
        var lineage = -1
        var branch = 0
        /// A person chose a fork for it: what the branch before it had is left behind, whatever its policy.
        var isChosen = false
        /// It was deleted: what comes next under its name begins anew.
        var isDeleted = false
        /// With its data: a store that is restored from before that brings back the app, and what lay elsewhere.
        var isPurged = false
        /// Another branch, or another lineage, was begun: for a while clients may reach the old one, too.
        var isForked = false
        /// Of the last acknowledgements, newest last: those that a loss of power may still take under `defer`.
        var recent: [(number: Int64, lineage: Int, at: SimulationTime)] = []
        var deferred: SimulationDuration?
        var powerLost: (lineage: Int, at: SimulationTime)?
    }

    private var apps: [App] = []

    init() {}

    /// - Parameter deferred: acknowledged writes of so long may be lost with a machine.
    mutating func add(
        app: Int, policy: RestartPolicy, deferred: SimulationDuration?, mayBeginEmpty: Bool = false
    ) {
        while apps.count <= app { apps.append(App(policy: .consistent)) }
        apps[app].isCounted = true
        apps[app].mayBeginEmpty = mayBeginEmpty
        apps[app].policy = policy
        apps[app].deferred = deferred
    }

    func counts(_ app: Int) -> Bool { apps.indices.contains(app) && apps[app].isCounted }

    /// A client has the answer.
    ///
    /// - Parameter sent: when it was given; it may have been long under way.
    @inline(__always)
    mutating func acknowledge(app: Int, number: Int64, lineage: Int, sent: SimulationTime, at now: SimulationTime) {
        if apps[app].deferred != nil { noteDeferred(app, number, lineage, sent, now) }
        let last = apps[app].acknowledged.count - 1
        if last >= 0, apps[app].acknowledged[last].upperBound == number {
            apps[app].acknowledged[last] = apps[app].acknowledged[last].lowerBound..<(number + 1)
        } else if last < 0 || apps[app].acknowledged[last].upperBound < number {
            apps[app].acknowledged.append(number..<(number + 1))
        } else {
            insert(number, app)
        }
    }

    /// An answer that was on its way when the machine lost power may speak of a write that went with it.
    private mutating func noteDeferred(
        _ app: Int, _ number: Int64, _ lineage: Int, _ sent: SimulationTime, _ now: SimulationTime
    ) {
        guard let lost = apps[app].powerLost, lost.lineage == lineage, now - lost.at <= World.clientTimeout else {
            return apps[app].recent.append((number, lineage, sent))
        }
        apps[app].forgiven = Self.merged(apps[app].forgiven + [number..<(number + 1)])
    }

    private mutating func insert(_ number: Int64, _ app: Int) {
        guard !apps[app].acknowledged.contains(where: { $0.contains(number) }) else { return }
        apps[app].acknowledged.append(number..<(number + 1))
        apps[app].acknowledged = Self.merged(apps[app].acknowledged)
    }

    /// The machine of an app's holder lost power, or its disk could not write.
    mutating func losePower(app: Int, lineage: Int, at now: SimulationTime) {
        guard let deferred = apps[app].deferred else { return }
        // What the flush under way began with was acknowledged while the one before it went on. Each may take 2 x MS + 1 s before nothing more is
        // acknowledged, and MS lies between them. What stopped before the machine did was flushed by nobody, so it is counted back from the last
        // answer; a time without any, as while it is held, does not count.
        let held = deferred * 2 + .seconds(1)
        var left = held * 2 + deferred
        var before: SimulationTime?
        var lost: [Range<Int64>] = []
        for write in apps[app].recent.reversed() where write.lineage == lineage {
            left = left - min((before ?? write.at) - write.at, held)
            guard left >= .zero else { break }
            lost.append(write.number..<(write.number + 1))
            before = write.at
        }
        apps[app].forgiven = Self.merged(apps[app].forgiven + lost)
        apps[app].recent.removeAll { $0.lineage == lineage }
        apps[app].powerLost = (lineage, now)
    }

    /// Its data was destroyed or taken back by a fault that no rule can see.
    ///
    /// - Parameter isOlder: a whole older disk came back; the volume may have been empty then.
    mutating func excuse(app: Int, isOlder: Bool = false) {
        guard app < apps.count else { return }
        apps[app].isExcused = true
        if isOlder { apps[app].isTakenBack = true }
    }

    /// People deleted it, and it is gone.
    mutating func delete(app: Int, purge: Bool = false) {
        guard app < apps.count else { return }
        apps[app].isDeleted = true
        apps[app].isPurged = purge
    }

    /// A person lets it go on from a fork, or without what lies on a cell that is off; what it had until then stays as one.
    mutating func goOnFromFork(app: Int) {
        guard app < apps.count else { return }
        apps[app].isForked = true
        apps[app].isChosen = true
    }

    private mutating func beginAnew(_ app: Int) {
        var next = App(policy: apps[app].policy, isCounted: true)
        next.mayBeginEmpty = apps[app].mayBeginEmpty
        next.deferred = apps[app].deferred
        next.isExcused = apps[app].isExcused
        next.isTakenBack = apps[app].isTakenBack
        apps[app] = next
    }

    /// A holder starts with this data.
    mutating func start(
        app: Int, lineage: Int, branch: Int, data: VolumeData, at now: SimulationTime
    ) -> Violation? {
        guard app < apps.count else { return nil }
        if apps[app].isDeleted, lineage != apps[app].lineage { beginAnew(app) }
        if data.isEmpty, lineage == apps[app].lineage, !apps[app].acknowledged.isEmpty, apps[app].deferred == nil,
            !apps[app].isTakenBack
        {
            return Violation(.neverEmpty, at: now, "an empty volume starts as the copy of app-\(app)")
        }
        guard !apps[app].isExcused else { return nil }
        if apps[app].isPurged { forgivePurged(app, data) }
        let missing = missing(app, data)
        let isNewLineage = lineage != apps[app].lineage
        let isFirst = apps[app].lineage < 0
        let isNewBranch = isNewLineage ? apps[app].mayBeginEmpty || isFirst : branch > apps[app].branch
        apps[app].branch = isNewLineage ? branch : max(branch, apps[app].branch)
        apps[app].lineage = lineage
        if isNewBranch, !isFirst { apps[app].isForked = true }
        guard !missing.isEmpty else { return nil }
        if apps[app].policy == .available || apps[app].isChosen, isNewBranch || apps[app].isForked {
            apps[app].leftBehind = Self.merged(apps[app].leftBehind + missing)
            return nil
        }
        return Violation(
            apps[app].policy == .consistent ? .acknowledgedKept : .lossWithinContract, at: now,
            "a holder of app a\(app), branch \(branch), starts without acknowledged writes \(Self.text(missing))")
    }

    /// It is there again, because the store was restored: what it lacks now went by a person's word.
    private mutating func forgivePurged(_ app: Int, _ data: VolumeData) {
        apps[app].forgiven = Self.merged(apps[app].forgiven + missing(app, data))
        apps[app].isPurged = false
    }

    /// The world is quiet: this is the holder's data, and what lies in kept forks.
    func end(app: Int, data: VolumeData?, forks: [VolumeData], at now: SimulationTime) -> Violation? {
        guard app < apps.count, !apps[app].isExcused, let data else { return nil }
        let missing = missing(app, data)
        guard missing.isEmpty || apps[app].isForked else {
            return Violation(
                apps[app].policy == .consistent ? .acknowledgedKept : .lossWithinContract, at: now,
                "app a\(app) lacks acknowledged writes \(Self.text(missing)) at the end")
        }
        var left = apps[app].leftBehind + missing
        // A store that was restored may have made a fork the holder again.
        for copy in [data] + forks { left = left.flatMap { copy.missing(of: $0) } }
        left = Self.subtracting(apps[app].forgiven, from: left)
        guard left.isEmpty else {
            return Violation(
                .forkKept, at: now,
                "app a\(app) went on without acknowledged writes \(Self.text(left)), and no fork has them")
        }
        return nil
    }

    /// Whether a write that was acknowledged must be there.
    func isDue(_ number: Int64, app: Int) -> Bool {
        !apps[app].isExcused && apps[app].acknowledged.contains { $0.contains(number) }
            && !(apps[app].leftBehind + apps[app].forgiven).contains { $0.contains(number) }
    }

    /// How many writes were acknowledged.
    var count: Int64 { apps.reduce(0) { sum, app in app.acknowledged.reduce(sum) { $0 + Int64($1.count) } } }

    private func missing(_ app: Int, _ data: VolumeData) -> [Range<Int64>] {
        let gaps = apps[app].acknowledged.flatMap { data.missing(of: $0) }
        return Self.subtracting(apps[app].leftBehind + apps[app].forgiven, from: gaps)
    }

    static func subtracting(_ taken: [Range<Int64>], from ranges: [Range<Int64>]) -> [Range<Int64>] {
        var left = ranges
        for part in taken {
            left = left.flatMap { range in
                let common = part.clamped(to: range)
                guard !common.isEmpty else { return [range] }
                return [range.lowerBound..<common.lowerBound, common.upperBound..<range.upperBound].filter {
                    !$0.isEmpty
                }
            }
        }
        return left
    }

    static func merged(_ ranges: [Range<Int64>]) -> [Range<Int64>] {
        var result: [Range<Int64>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = result.last, last.upperBound >= range.lowerBound {
                result[result.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                result.append(range)
            }
        }
        return result
    }

    private static func text(_ ranges: [Range<Int64>]) -> String {
        let shown = ranges.prefix(4).map {
            $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)...\($0.upperBound - 1)"
        }
        return shown.joined(separator: ", ") + (ranges.count > 4 ? " and others" : "")
    }
}
