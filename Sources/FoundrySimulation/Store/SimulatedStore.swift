import FoundryModel
import FoundryRules

/// The control plane's store with etcd's semantics: members that agree on one history, clients that ask any of them.
///
/// Nothing is answered at once. What the store has to do later it hands over as signals, to be put into the queue:
///
///     let ticket = store.submit(.commit(writes), to: 0, from: serverNode, tag: .effect(7), at: queue.now)
///     store.drainSignals { signal, time in queue.push(.store(signal), at: time) }       // after every call
///     // when such an event comes
///     switch store.handle(signal, at: queue.now, network) {
///     case .answer(let ticket, let client, let tag, let answer): ...
///     case .news(let watch, let client, let tag, let news): ...
///     case nil: break
///     }
///
/// The client keeps its own timeout and calls ``abandon(_:)``; the outcome is unknown then, and the transaction may still be done later.
/// How consensus is reached is not simulated, only what its clients can see of it: who hears a majority, who takes itself for the
/// leader, what a member has applied.
struct SimulatedStore<Tag> {
    typealias Ticket = Slab<Operation>.Handle
    typealias WatchHandle = Slab<Watch>.Handle

    enum Signal {
        case operation(Ticket)
        case watch(WatchHandle)
    }

    enum Delivery {
        case answer(Ticket, client: NodeNumber, Tag, StoreAnswer)
        case news(WatchHandle, client: NodeNumber, Tag, WatchNews)
    }

    struct Operation {
        enum Stage {
            case asked
            case answered(StoreAnswer)
        }

        let request: StoreRequest
        let client: NodeNumber
        let member: Int
        let tag: Tag
        let number: UInt64
        /// The newest revision that was acknowledged to anybody when this was asked.
        let floor: Int64
        let submittedAt: SimulationTime
        var stage = Stage.asked
        var isAbandoned = false
    }

    struct Watch {
        let client: NodeNumber
        let member: Int
        let tag: Tag
        let kinds: StoreKinds
        /// The client is told when the member has no leader.
        let requiresLeader: Bool
        let number: UInt64
        /// Everything up to it was told.
        var position: Int64
        var isWakePending = false
        /// Its member has started anew: it ends at its next turn.
        var isCondemned = false
        /// It says nothing more, and does not end.
        var isStuck = false
        /// Since when its client can't be reached.
        var blockedSince: SimulationTime?
        /// Since when its member has no leader.
        var leaderlessSince: SimulationTime?
    }

    var faults = StoreFaults.none
    let counters: FaultCounters
    var members: [StoreMember]
    var table = StoreTable()
    var keys = StoreKeys()
    var history = StoreHistory()
    var operations = Slab<Operation>()
    var watches = Slab<Watch>()
    var signals: [(Signal, SimulationTime)] = []
    var checker = StoreHistoryChecker()
    /// nil while there is none.
    var leader: Int? = 0
    /// When the election that is under way ends.
    var electionEnds = SimulationTime.zero
    var knownTopology = -1
    var membership = 0
    var knownMembership = -1
    /// Changes that are kept for watches and for members that lag.
    var historyLimit = 20_000
    var electionRandom: SimulationRandom
    var latencyRandom: SimulationRandom
    var faultRandom: SimulationRandom
    private var requests: UInt64 = 0

    /// - Parameter nodes: where its members run; three of them, as a rule.
    init(nodes: [NodeNumber], random: SimulationRandom, counters: FaultCounters) {
        self.counters = counters
        var lags = random.stream("store.lag")
        members = nodes.map {
            StoreMember(node: $0, lag: lags.duration(in: .microseconds(300)...(.milliseconds(2))))
        }
        electionRandom = random.stream("store.election")
        latencyRandom = random.stream("store.latency")
        faultRandom = random.stream("store.faults")
    }

    /// The newest revision that was agreed on.
    var revision: Int64 { table.revision }

    func text(of key: StoreKeyNumber) -> String { keys.texts[Int(key)] }

    /// All records as they are now: for checkers, not for machines.
    var truth: StoreSnapshot { snapshot(.all, in: table, at: table.revision) }

    /// One record as it is now: for checkers, not for machines.
    func truth(of key: String) -> StoreEntry? {
        guard let number = keys.number(of: key), let value = table[number] else { return nil }
        return StoreEntry(key: number, stored: value.stored, revision: value.revision)
    }

    /// Asks a member. The answer comes as a delivery, or never.
    mutating func submit(
        _ request: StoreRequest, to member: Int, from client: NodeNumber, tag: Tag, at now: SimulationTime
    ) -> Ticket {
        let ticket = operations.insert(
            Operation(
                request: request, client: client, member: member, tag: tag, number: nextNumber(), floor: checker.floor,
                submittedAt: now))
        if faultRandom.happens(faults.requestLoss) {
            counters.count(.storeRequestLost)
            operations.remove(ticket)
        } else {
            signals.append((.operation(ticket), now + latency(of: request)))
        }
        return ticket
    }

    /// The client waits no longer: whether its transaction was done, or will be, it does not know.
    mutating func abandon(_ ticket: Ticket) { operations[ticket]?.isAbandoned = true }

    /// The client's process ended: nothing is delivered to it any more. What it asked for may still be done.
    mutating func abandonAll(of client: NodeNumber) {
        for ticket in operations.handles where operations[ticket]?.client == client { abandon(ticket) }
        for watch in watches.handles where watches[watch]?.client == client { endWatch(watch) }
    }

    /// Hands over what the store has to do later.
    mutating func drainSignals(_ body: (Signal, SimulationTime) -> Void) {
        guard !signals.isEmpty else { return }
        for (signal, time) in signals { body(signal, time) }
        signals.removeAll(keepingCapacity: true)
    }

    /// A signal's time has come.
    mutating func handle(_ signal: Signal, at now: SimulationTime, _ reach: some Reachability) -> Delivery? {
        settle(at: now, reach)
        switch signal {
        case .operation(let ticket): return handleOperation(ticket, at: now, reach)
        case .watch(let watch): return handleWatch(watch, at: now, reach)
        }
    }

    mutating func nextNumber() -> UInt64 {
        requests += 1
        return requests
    }

    func snapshot(_ query: StoreQuery, in table: StoreTable, at revision: Int64) -> StoreSnapshot {
        let numbers: [StoreKeyNumber]
        switch query {
        case .all: numbers = keys.texts.indices.map { StoreKeyNumber($0) }
        case .kind(let kind): numbers = keys.keys(of: kind)
        case .key(let key): numbers = keys.number(of: key).map { [$0] } ?? []
        }
        var entries: [StoreEntry] = []
        for number in numbers {
            guard let value = table[number] else { continue }
            entries.append(StoreEntry(key: number, stored: value.stored, revision: value.revision))
        }
        entries.sort { keys.texts[Int($0.key)] < keys.texts[Int($1.key)] }
        return StoreSnapshot(revision: revision, entries: entries)
    }
}
