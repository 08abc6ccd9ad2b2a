extension SimulatedStore {
    /// From the loss of a leader to the next one, as measured with etcd 3.4 at 50/500 ms and at its defaults.
    static var electionTime: ClosedRange<SimulationDuration> { .milliseconds(800)...(.milliseconds(1_600)) }

    var quorum: Int { members.count / 2 + 1 }

    /// Whether transactions can be done now.
    var hasLeader: Bool { leader != nil }

    /// Follows what has become of the network and of the members since the last look. Called before anything is decided.
    mutating func settle(at now: SimulationTime, _ reach: some Reachability) {
        let isKnown = reach.version == knownTopology && membership == knownMembership
        if isKnown, leader != nil || now < electionEnds { return }
        if let leader, !canLead(leader, reach) { loseLeader(leader, at: now) }
        if leader == nil, now >= electionEnds { elect(at: now, reach) }
        knownTopology = reach.version
        knownMembership = membership
        connect(at: now, reach)
    }

    /// A new leader is elected though nothing is wrong with the old one.
    mutating func changeLeader(at now: SimulationTime) {
        guard leader != nil else { return }
        beginElection(at: now)
    }

    /// The leader's disk hangs: the others elect another, and for a time it goes on answering what needs no consensus.
    ///
    /// - Source: etcd before 3.5.11, whose LeaseKeepAlive is not an operation of consensus.
    mutating func deposeLeader(for length: SimulationDuration, at now: SimulationTime) {
        guard let old = leader else { return }
        members[old].deposedUntil = now + length
        beginElection(at: now)
    }

    /// A member's process ends; its disk stays.
    mutating func stop(member: Int, at now: SimulationTime) {
        guard members[member].isUp else { return }
        noteSeen()
        members[member].isUp = false
        members[member].isPaused = false
        members[member].deposedUntil = .zero
        membership += 1
        for watch in watches.handles where watches[watch]?.member == member { wake(watch, at: now) }
    }

    mutating func start(member: Int) {
        guard !members[member].isUp else { return }
        members[member].isUp = true
        membership += 1
    }

    /// A member stands still: nobody hears it, and what is asked of it waits.
    mutating func pause(member: Int) {
        guard members[member].runs else { return }
        noteSeen()
        members[member].isPaused = true
        membership += 1
    }

    /// A member goes on. One that was the leader takes itself for it until it hears of the other.
    mutating func resume(member: Int, at now: SimulationTime) {
        guard members[member].isPaused else { return }
        members[member].isPaused = false
        membership += 1
        if members[member].wasLeader, leader != member {
            members[member].deposedUntil = now + electionRandom.duration(in: .milliseconds(20)...(.milliseconds(500)))
        }
        members[member].wasLeader = false
    }

    /// A member lags by so much: its serializable reads are that old.
    mutating func setLag(_ lag: SimulationDuration, ofMember member: Int) { members[member].lag = lag }

    /// Up, not deposed, and heard by a majority that it hears.
    private func canLead(_ member: Int, _ reach: some Reachability) -> Bool {
        guard members[member].runs else { return false }
        let near = members.indices.filter { isNear($0, member, reach) }
        return near.count >= quorum
    }

    private func isNear(_ one: Int, _ other: Int, _ reach: some Reachability) -> Bool {
        guard members[one].runs, members[other].runs else { return false }
        let (left, right) = (members[one].node, members[other].node)
        return left == right || (reach.isOpen(from: left, to: right) && reach.isOpen(from: right, to: left))
    }

    /// A leader that was cut off takes itself for the leader until it has heard no majority for an election's time.
    private mutating func loseLeader(_ old: Int, at now: SimulationTime) {
        if members[old].isPaused { members[old].wasLeader = true }
        if members[old].runs {
            members[old].deposedUntil = now + electionRandom.duration(in: .milliseconds(500)...(.milliseconds(1_500)))
        }
        beginElection(at: now)
    }

    private mutating func beginElection(at now: SimulationTime) {
        counters.count(.storeLeaderChanged)
        noteSeen()
        leader = nil
        electionEnds = now + electionRandom.duration(in: Self.electionTime)
        membership += 1
    }

    private mutating func elect(at now: SimulationTime, _ reach: some Reachability) {
        let able = members.indices.filter { members[$0].deposedUntil <= now && canLead($0, reach) }
        guard !able.isEmpty else {
            counters.count(.storeWithoutQuorum)
            electionEnds = now + electionRandom.duration(in: Self.electionTime)
            return
        }
        leader = electionRandom.pick(able)
    }

    /// What connected members know of is everything: no change is agreed on before the store has settled.
    private mutating func noteSeen() {
        for member in members.indices where members[member].isConnected { members[member].seen = table.revision }
    }

    private mutating func connect(at now: SimulationTime, _ reach: some Reachability) {
        noteSeen()
        for member in members.indices {
            let isDeposed = members[member].deposedUntil > now
            let hears = leader.map { !isDeposed && isNear(member, $0, reach) } ?? false
            guard hears != members[member].isConnected else { continue }
            members[member].isConnected = hears
            wakeWatches(of: member, at: now)
        }
        // One that takes itself for the leader notices its error by itself, without a change around it: look again.
        if members.contains(where: { $0.deposedUntil > now }) { knownMembership -= 1 }
    }
}
